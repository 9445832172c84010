import { connection } from '../database/mongoose.ts';
import { partsOf } from './sealed-text.ts';
import { sealedTexts } from './sealed-texts.ts';

/**
 * Looks at every document of the database for sealed texts.
 *
 * @returns how many there are, by the id of the master key that each was sealed with
 */
export async function countByKey(): Promise<Map<string, number>> {
  const database = connection.db;
  if (!database) throw new Error('countByKey() needs a connected database.');
  const counts = new Map<string, number>();
  for (const { name } of await database.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('system.')) continue;
    for await (const document of database.collection(name).find()) {
      for (const { sealed } of sealedTexts(document)) {
        const { key_id } = partsOf(sealed);
        counts.set(key_id, (counts.get(key_id) ?? 0) + 1);
      }
    }
  }
  return counts;
}
