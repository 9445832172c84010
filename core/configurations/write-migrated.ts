import { Failure } from '../../sdk/contract/failure.ts';
import type { Author } from './draft.ts';
import type { Said } from './level.ts';
import { Configuration } from './model.ts';
import { writeRevision } from './store-draft.ts';

/**
 * Writes a level of the settings as a migration or a rollback left it, as a new revision. Call it in a transaction.
 *
 * @throws Failure `conflict` when the level was written meanwhile
 */
export async function writeMigrated(
  configuration: Configuration,
  said: Said,
  author: Author,
  cause: string,
): Promise<void> {
  const { _id, revision } = configuration;
  const { values_text, secrets } = said;
  const set = { values_text, secrets, revision: revision + 1, updated_by: author.id };
  const changed = await Configuration.updateOne({ _id, revision }, { $set: set });
  if (changed.matchedCount === 0)
    throw new Failure('conflict', { message: 'The settings were changed meanwhile; try again' });
  await writeRevision({ ...configuration, ...set }, author, cause);
}
