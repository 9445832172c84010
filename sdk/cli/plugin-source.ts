import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../contract/failure.ts';
import { evaluate, type Packed, pack, unpack, writePackage } from '../package/index.ts';
import { type Call, textOption } from './command.ts';
import { publisherKeyFile } from './home.ts';

/** The plugin that a command is about: a folder, packed now, or a package file. */
export async function readPlugin(call: Call): Promise<Packed & { path: string }> {
  const path = resolve(call.folder, call.words[0] ?? '.');
  if ((await stat(path)).isDirectory()) {
    const privateKey = await signingKey(call);
    return { ...(await pack(path, privateKey === undefined ? {} : { privateKey })), path };
  }
  const bytes = await readFile(path);
  const { manifest, files, integrity } = await unpack(bytes);
  const { handlers } = await evaluate(files.get('plugin.js')?.toString('utf8') ?? '');
  return { bytes, digest: integrity, manifest, files, handlers, path };
}

/** Signs with the publisher's own key (`keygen --publisher`) what is not signed yet and no other key was named for. */
export async function signedByPublisher<P extends Packed>(plugin: P): Promise<P> {
  const file = publisherKeyFile(plugin.manifest.name.split('/')[0] ?? '');
  if (plugin.files.has('signature.json') || !existsSync(file)) return plugin;
  return { ...plugin, ...writePackage(plugin.manifest, plugin.files, { privateKey: await readFile(file, 'utf8') }) };
}

/** The private key of `--key` or `PATCHBAY_SIGNING_KEY`, both paths of a file. */
export async function signingKey(call: Call): Promise<string | undefined> {
  const path = textOption(call, 'key', process.env.PATCHBAY_SIGNING_KEY);
  return path === undefined ? undefined : readFile(resolve(call.folder, path), 'utf8');
}

/** `acme-hello-1.0.0.tgz` */
export function packageFile(folder: string, { name, version }: { name: string; version: string }): string {
  return join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
}

/** Splits `@acme/hello@1.0.0`. */
export function releaseName(word: string | undefined): { name: string; version: string } {
  const match = /^(@[^@/]+\/[^@/]+)@([^@]+)$/.exec(word ?? '');
  if (!match) throw new Failure('malformed', { message: 'Name a release as in @acme/hello@1.0.0' });
  return { name: match[1] ?? '', version: match[2] ?? '' };
}
