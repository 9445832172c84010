import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unpack, writePackage } from '../../package/index.ts';
import { type Command, textOption, UsageError } from '../command.ts';
import { signingKey } from '../plugin-source.ts';

export const sign: Command = {
  options: { key: { type: 'string' }, out: { type: 'string' } },
  async run(call) {
    if (!call.words[0]) throw new UsageError('Name the package: patchbay sign <file.tgz> --key <file>');
    const privateKey = await signingKey(call);
    if (!privateKey)
      throw new UsageError('Name the private key: --key <file>, or PATCHBAY_SIGNING_KEY; "patchbay keygen" makes one');
    const file = resolve(call.folder, call.words[0]);
    const { manifest, files } = await unpack(await readFile(file));
    const signed = writePackage(manifest, files, { privateKey });
    const out = resolve(call.folder, textOption(call, 'out', file) ?? file);
    await writeFile(out, signed.bytes);
    const { key_id } = JSON.parse(signed.files.get('signature.json')?.toString('utf8') ?? '{}');
    return {
      result: { file: out, digest: signed.digest, key_id },
      text: `Signed with ${key_id}\n${signed.digest}\n${out}`,
    };
  },
};
