import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../../contract/failure.ts';
import { generateKeys } from '../../package/index.ts';
import { type Command, textOption } from '../command.ts';
import { homeFolder, writePrivate } from '../home.ts';

export const keygen: Command = {
  options: { out: { type: 'string' } },
  async run(call) {
    const { key_id, public_key, private_key } = generateKeys();
    const out = textOption(call, 'out');
    const file = out ? resolve(call.folder, out) : join(homeFolder(), 'keys', `${key_id}.pem`);
    if (existsSync(file)) throw new Failure('conflict', { message: `${file} exists; a key is never overwritten` });
    await writePrivate(file, private_key);
    return {
      result: { key_id, public_key, file },
      text: `Key ${key_id}\nPublic key, to add to your publisher: ${public_key}\nPrivate key, for you alone:         ${file}`,
    };
  },
};
