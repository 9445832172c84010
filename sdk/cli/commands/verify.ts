import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Manifest } from '../../contract/manifest.ts';
import {
  describePublicKey,
  manifestDigest,
  type Signature,
  unpack,
  verify as verifySignature,
} from '../../package/index.ts';
import { type Call, type Command, textOption, UsageError } from '../command.ts';
import { publisherKeyFile } from '../home.ts';
import { doubtOf, type LogProof, readLogProof } from '../log-proof.ts';

export const verify: Command = {
  options: { key: { type: 'string' }, proof: { type: 'string' }, 'log-key': { type: 'string' } },
  async run(call) {
    if (!call.words[0]) throw new UsageError('Name the package: patchbay verify <file.tgz> --key <public key>');
    const { manifest, signature, integrity } = await unpack(await readFile(resolve(call.folder, call.words[0])));
    const { name, version } = manifest;
    const release = `${name}@${version}`;
    const proofFile = textOption(call, 'proof');
    const proof = proofFile === undefined ? undefined : await readLogProof(resolve(call.folder, proofFile), manifest);
    const keys = await keysFor(call, name, proof);
    const by = keys.find((key) => describePublicKey(key).key_id === signature?.key_id);
    const logKey = await keyOption(call, 'log-key');
    const why = whyUnsigned(manifest, signature, by) ?? (proof && doubtOf(proof, logged(manifest, integrity), logKey));
    const { key_id } = describePublicKey(by ?? keys[0] ?? '');
    const line = proof && { index: proof.index, origin: proof.checkpoint.origin, log_size: proof.checkpoint.size };
    const result = { name, version, digest: integrity, key_id, ...(line && { logged: line }) };
    if (why !== undefined)
      return { ok: false, result: { ...result, reason: why }, text: `${release} is not verified: ${why}` };
    const inLog = line ? `\nIt is line ${line.index} of the log of ${line.origin}` : '';
    return { result, text: `${release} is signed with ${key_id}, and every file is the one that was signed${inLog}` };
  },
};

function whyUnsigned(
  manifest: Manifest,
  signature: Signature | undefined,
  key: string | undefined,
): string | undefined {
  if (!signature) return 'it is not signed';
  if (key === undefined) return `it is signed with another key (${signature.key_id})`;
  return verifySignature(manifest, signature, key) ? undefined : 'the manifest was changed after it was signed';
}

const logged = (manifest: Manifest, integrity: string) => ({
  name: manifest.name,
  version: manifest.version,
  digest: manifestDigest(manifest),
  integrity,
});

/** The keys of which one must have signed: the named one, else those that an export tells, else the publisher's own here. */
async function keysFor(call: Call, name: string, proof: LogProof | undefined): Promise<string[]> {
  const named = await keyOption(call, 'key');
  if (named !== undefined) return [named];
  if (proof && proof.keys.length > 0) return proof.keys;
  const own = publisherKeyFile(name.split('/')[0] ?? '');
  if (existsSync(own)) return [await readFile(own, 'utf8')];
  throw new UsageError(
    `Name the publisher's public key: --key <public key, or a file with it>; GET /registry/publishers/${name.split('/')[0]} shows it`,
  );
}

async function keyOption(call: Call, option: string): Promise<string | undefined> {
  const given = textOption(call, option);
  if (given === undefined) return undefined;
  const path = resolve(call.folder, given);
  return existsSync(path) ? readFile(path, 'utf8') : given;
}
