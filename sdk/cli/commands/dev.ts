import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { type Client, path } from '../../client/index.ts';
import { Failure } from '../../contract/failure.ts';
import { type Packed, pack } from '../../package/index.ts';
import type { Command } from '../command.ts';
import { describeError } from '../describe-error.ts';
import { hostUrl, signedInClient } from '../host.ts';

interface Installed {
  id: string;
  name: string;
}

export const dev: Command = {
  options: { url: { type: 'string' }, replace: { type: 'boolean' }, once: { type: 'boolean' } },
  async run(call) {
    const folder = resolve(call.folder, call.words[0] ?? '.');
    const client = await signedInClient(call);
    let installed: Installed | undefined;
    const load = async () => {
      const started = performance.now();
      const packed = await pack(folder);
      installed ??= await alreadyThere(client, packed, call.options.replace === true);
      installed = await sideload(client, packed, installed);
      const { name, version } = packed.manifest;
      call.tell(`${name}@${version} is loaded at ${hostUrl(call)} (${Math.round(performance.now() - started)} ms)`);
    };
    await load();
    if (call.options.once !== true) await whenever(folder, load, call.tell);
    return { result: { folder, id: installed?.id }, text: '' };
  },
};

/** An installation that `dev` did not make is replaced only when told so: it may be somebody's. */
async function alreadyThere(client: Client, { manifest }: Packed, replace: boolean): Promise<Installed | undefined> {
  for (let page = 1; ; page++) {
    const { plugins, total } = await client.request<{ plugins: Installed[]; total: number }>('GET', '/plugins', {
      query: { page, size: 100 },
    });
    const found = plugins.find(({ name }) => name === manifest.name);
    if (found && !replace) {
      const message = `${manifest.name} is installed there already; --replace takes its place and keeps its settings`;
      throw new Failure('install_conflict', { message });
    }
    if (found || page * 100 >= total) return found;
  }
}

/** Takes the place of what is loaded; settings and records stay. Everything that the manifest asks for is granted. */
async function sideload(
  client: Client,
  { manifest, files }: Packed,
  before: Installed | undefined,
): Promise<Installed> {
  if (before) {
    const query = { keep: 'records,configuration', force: true };
    await client.request('DELETE', path`/plugins/${before.id}`, { query });
  }
  const { files: _files, ...plain } = manifest;
  const body = {
    name: manifest.name,
    version: manifest.version,
    manifest: plain,
    bundle: files.get('plugin.js')?.toString('utf8'),
    permissions: [...new Set((manifest.permissions ?? []).map(({ name }) => name))],
  };
  return client.request<Installed>('POST', '/plugins', { body });
}

/** Runs work after every save, one at a time; what fails is told and does not end the watch. Ends with Ctrl-C. */
async function whenever(folder: string, work: () => Promise<void>, tell: (line: string) => void): Promise<void> {
  tell(`watching ${folder}; Ctrl-C ends`);
  let due: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (!name || /(^|[/\\])(node_modules|\.|dist)|\.tgz$|\.test\./.test(String(name))) return;
    // Editors write a file several times for one save.
    clearTimeout(due);
    due = setTimeout(() => {
      running = running.then(work).catch((error: unknown) => tell(describeError(error).text));
    }, 50);
  });
  await new Promise<void>((resolved) => process.once('SIGINT', resolved));
  watcher.close();
  await running;
}
