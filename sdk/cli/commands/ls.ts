import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { unpack } from '../../package/index.ts';
import { type Command, UsageError } from '../command.ts';
import { listFiles } from '../list-files.ts';

export const ls: Command = {
  async run({ words, folder }) {
    if (!words[0]) throw new UsageError('Name the package: patchbay ls <file.tgz>');
    const { manifest, files, integrity, signature } = await unpack(await readFile(resolve(folder, words[0])));
    const { name, version } = manifest;
    const listed = listFiles(files);
    const signed = signature ? `signed with ${signature.key_id}` : 'not signed';
    return {
      result: { name, version, digest: integrity, key_id: signature?.key_id ?? null, files: listed.entries, manifest },
      text: `${name}@${version}  ${signed}\n${integrity}\n\n${listed.text}`,
    };
  },
};
