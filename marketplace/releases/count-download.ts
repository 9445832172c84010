import { Download } from '../models/download.ts';
import { Package } from '../models/package.ts';
import { Release, releaseId } from '../models/release.ts';
import type { Parts } from '../parts.ts';

/** Counts that a workspace took a release: once, however often it installs it. Call it in the install's transaction. */
export async function countDownload(parts: Parts, name: string, version: string, workspace_id: string): Promise<void> {
  const at = new Date(parts.clock());
  const counted = await Download.updateOne(
    { _id: `${releaseId(name, version)}:${workspace_id}` },
    { $setOnInsert: { at } },
    { upsert: true },
  );
  if (counted.upsertedCount === 0) return;
  await Release.updateOne({ _id: releaseId(name, version) }, { $inc: { download_count: 1 } });
  await Package.updateOne({ _id: name }, { $inc: { download_count: 1 }, $set: { changed_at: at } });
}
