import { type Client, path } from '../client/index.ts';
import { Failure } from '../contract/failure.ts';

/** A plugin as a workspace runs it, as far as the commands need it. */
export interface Installed {
  id: string;
  name: string;
  version: string;
}

/** The installation of a plugin in the caller's workspace; undefined when there is none. */
export async function findInstalled(client: Client, name: string): Promise<Installed | undefined> {
  for (let page = 1; ; page++) {
    const query = { page, size: 100 };
    const { plugins, total } = await client.request<{ plugins: Installed[]; total: number }>('GET', '/plugins', {
      query,
    });
    const found = plugins.find((one) => one.name === name);
    if (found || page * 100 >= total) return found;
  }
}

/** The same, named by `plg_…` or by name. @throws {Failure} plugin_not_found */
export async function mustBeInstalled(client: Client, word: string): Promise<Installed> {
  if (word.startsWith('plg_')) return client.request<Installed>('GET', path`/plugins/${word}`);
  const found = await findInstalled(client, word);
  if (!found) throw new Failure('plugin_not_found', { message: `${word} is not installed in this workspace` });
  return found;
}
