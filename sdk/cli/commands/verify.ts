import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describePublicKey, unpack, verify as verifySignature } from '../../package/index.ts';
import { type Command, textOption, UsageError } from '../command.ts';

export const verify: Command = {
  options: { key: { type: 'string' } },
  async run(call) {
    const given = textOption(call, 'key');
    if (!call.words[0] || !given)
      throw new UsageError('patchbay verify <file.tgz> --key <public key, or a file with it>');
    const path = resolve(call.folder, given);
    const key = existsSync(path) ? await readFile(path, 'utf8') : given;
    const { manifest, signature, integrity } = await unpack(await readFile(resolve(call.folder, call.words[0])));
    const { key_id } = describePublicKey(key);
    const ok = signature !== undefined && verifySignature(manifest, signature, key);
    const why = !signature
      ? 'it is not signed'
      : signature.key_id === key_id
        ? 'the manifest was changed after it was signed'
        : `it is signed with another key (${signature.key_id})`;
    const release = `${manifest.name}@${manifest.version}`;
    return {
      ok,
      result: {
        name: manifest.name,
        version: manifest.version,
        digest: integrity,
        key_id,
        ...(ok ? {} : { reason: why }),
      },
      text: ok
        ? `${release} is signed with ${key_id}, and every file is the one that was signed`
        : `${release} is not verified: ${why}`,
    };
  },
};
