import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, textOption } from '../command.ts';
import { listFiles } from '../list-files.ts';
import { packageFile, readPlugin } from '../plugin-source.ts';

export const pack: Command = {
  options: { out: { type: 'string' }, key: { type: 'string' } },
  async run(call) {
    const { bytes, digest, manifest, files } = await readPlugin(call);
    const out = textOption(call, 'out');
    const file = out ? resolve(call.folder, out) : packageFile(call.folder, manifest);
    await writeFile(file, bytes);
    const { name, version } = manifest;
    const listed = listFiles(files);
    return {
      result: { name, version, file, digest, bytes: bytes.length, files: listed.entries },
      text: `${listed.text}\n\n${name}@${version}  ${bytes.length} bytes\n${digest}\n${file}`,
    };
  },
};
