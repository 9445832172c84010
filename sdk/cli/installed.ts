import type { Client, Schemas } from '../client/index.ts';
import { Failure } from '../contract/failure.ts';

/** A plugin as a workspace runs it. */
export type Installed = Schemas['Plugin'];

/** The installation of a plugin in the caller's workspace; undefined when there is none. */
export async function findInstalled(client: Client, name: string): Promise<Installed | undefined> {
  for (let page = 1; ; page++) {
    const query = { page, size: 100 };
    const { plugins, total } = await client.call('GET /plugins', { query });
    const found = plugins.find((one) => one.name === name);
    if (found || page * 100 >= total) return found;
  }
}

/** The same, named by `plg_…` or by name. @throws {Failure} plugin_not_found */
export async function mustBeInstalled(client: Client, word: string): Promise<Installed> {
  if (word.startsWith('plg_')) return client.call('GET /plugins/{id}', { params: { id: word } });
  const found = await findInstalled(client, word);
  if (!found) throw new Failure('plugin_not_found', { message: `${word} is not installed in this workspace` });
  return found;
}
