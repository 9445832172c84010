import { trusted } from '../database/mongoose.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type RecordDoc, Record as Records } from './model.ts';
import { keysBelow } from './record-key.ts';

/**
 * Marks records of a stream as deleted, with those that hang below them; runs in the caller's transaction. They stay as
 * tombstones for 30 days, so that a late page cannot bring them back unseen.
 *
 * @returns what was there and is gone now
 */
export async function removeRecords(
  integration: IntegrationDoc,
  stream: string,
  which: { keys: string[] },
): Promise<RecordDoc[]> {
  if (which.keys.length === 0) return [];
  const at = { integration_id: integration._id, stream };
  const gone = await Records.find({ ...at, key: trusted({ $in: which.keys }), deleted_at: null }).lean();
  if (gone.length === 0) return [];
  const now = new Date();
  const mark = { $set: { deleted_at: now, changed_at: now } };
  await Records.updateMany({ _id: trusted({ $in: gone.map(({ _id }) => _id) }) }, mark);
  const installation = await Installation.findOne({ _id: integration.installation_id }).lean();
  const children = Object.entries(installation?.manifest.streams ?? {}).filter(
    ([name, one]) => one.parent?.stream === stream && name !== stream,
  );
  const below: RecordDoc[] = [];
  for (const [child] of children) {
    const keys: string[] = [];
    for (const { key: parent } of gone) {
      const orphans = await Records.find(
        { integration_id: integration._id, stream: child, key: trusted(keysBelow(parent)), parent, deleted_at: null },
        { key: 1 },
      ).lean();
      keys.push(...orphans.map(({ key }) => key));
    }
    below.push(...(await removeRecords(integration, child, { keys })));
  }
  return [...gone, ...below];
}
