import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { cached } from '../access/cache.ts';
import { Installation } from './model.ts';

/**
 * An installed plugin of a workspace by its id; kept in memory until the workspace's next change.
 *
 * @throws Failure `plugin_not_found`, naming what was perhaps meant
 */
export async function findInstallation(workspace_id: string, id: string): Promise<Installation> {
  const found = await cached(workspace_id, 'installation', id, () => readInstallation(workspace_id, id));
  if (found) return found;
  const all = await Installation.find({ workspace_id }, { name: 1 }).lean();
  const names = all.map(({ name }) => name);
  const near = nearest(id, names) ?? names.find((name) => name.split('/')[1] === id);
  const meant = all.find(({ name }) => name === near);
  throw new Failure('plugin_not_found', {
    message: `No installed plugin has the id ${quote(id)}${meant ? `; ${meant.name} has the id ${meant._id}` : '; GET /plugins lists them'}`,
    content: { nearest: meant?._id ?? null },
  });
}

/** By id, or by the package's name, which is as unique within a workspace. */
function readInstallation(workspace_id: string, id: string): Promise<Installation | null> {
  return Installation.findOne(id.startsWith('@') ? { workspace_id, name: id } : { _id: id, workspace_id }).lean();
}
