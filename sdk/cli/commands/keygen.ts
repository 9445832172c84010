import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ApiError, type Client } from '../../client/index.ts';
import { Failure } from '../../contract/failure.ts';
import { generateKeys } from '../../package/index.ts';
import { type Command, textOption, UsageError } from '../command.ts';
import { homeFolder, publisherKeyFile, writePrivate } from '../home.ts';
import { signedInClient } from '../host.ts';

export const keygen: Command = {
  options: { out: { type: 'string' }, publisher: { type: 'string' }, url: { type: 'string' } },
  async run(call) {
    const publisher = textOption(call, 'publisher');
    if (publisher !== undefined && !/^@[a-z0-9][a-z0-9-]*$/.test(publisher)) {
      throw new UsageError(`"${publisher}" is no publisher; write it as in @acme`);
    }
    const { key_id, public_key, private_key } = generateKeys();
    const out = textOption(call, 'out');
    const usual = publisher ? publisherKeyFile(publisher) : join(homeFolder(), 'keys', `${key_id}.pem`);
    const file = out ? resolve(call.folder, out) : usual;
    if (existsSync(file)) throw new Failure('conflict', { message: `${file} exists; a key is never overwritten` });
    await writePrivate(file, private_key);
    if (publisher) {
      await register(await signedInClient(call), publisher, public_key).catch(async (error: unknown) => {
        // A key that the publisher does not know would stand in the way of the next try.
        await rm(file);
        throw error;
      });
    }
    const next = publisher
      ? `It signs what you publish as ${publisher}`
      : `Public key, to add to your publisher: ${public_key}`;
    return {
      result: { key_id, public_key, file },
      text: `Key ${key_id}\n${next}\nPrivate key, for you alone: ${file}`,
    };
  },
};

/** Makes the namespace with this key, or adds the key to one that the caller belongs to. */
async function register(client: Client, publisher: string, public_key: string): Promise<void> {
  try {
    await client.call('POST /registry/publishers', { body: { name: publisher, public_key } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    await client.call('POST /registry/publishers/{name}/keys', { params: { name: publisher }, body: { public_key } });
  }
}
