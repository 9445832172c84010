import { EJSON } from 'bson';
import { connection } from '../database/mongoose.ts';
import { KeyRotation } from './model.ts';
import { sealedTexts } from './sealed-texts.ts';
import { vault } from './vault.ts';

export interface RotationProgress {
  collection: string;
  /** documents looked at in this run */
  seen: number;
  /** sealed texts that this rotation has wrapped again, over all its runs */
  rewrapped: number;
}

export interface RotationOptions {
  /** told after each batch */
  tell?: (progress: RotationProgress) => void;
  /** documents read at once */
  batch?: number;
  signal?: AbortSignal;
}

/**
 * Wraps every sealed text of the database again, under the newest master key, while hosts read and write: each text
 * is exchanged only where it still is what was read, and either form opens as long as both keys are in the list.
 *
 * Every collection is walked and every text looked at, so no noun can be forgotten. The place is noted after each batch:
 * a run that was killed goes on there. After a run that finds nothing old, the old key can be removed.
 *
 * @returns how many texts were wrapped again in this run
 * @throws VaultError `unknown_key`, `does_not_open` naming where; DOMException when aborted
 */
export async function rotateKey(options: RotationOptions = {}): Promise<number> {
  const { database } = here();
  const _id = vault().key_ids[0] ?? '';
  await KeyRotation.updateOne({ _id }, { $set: { finished_at: null } }, { upsert: true });
  const began = await KeyRotation.findById(_id).lean().orFail();
  const done = new Set(began.done);
  const names = (await database.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).sort();
  let total = 0;
  for (const name of names) {
    if (done.has(name) || name === KeyRotation.collection.name || name.startsWith('system.')) continue;
    total += await rotateCollection(_id, name, began.collection_name === name ? began.last : null, options);
    await KeyRotation.updateOne({ _id }, { $push: { done: name }, $set: { collection_name: null, last: null } });
  }
  // The next run looks at everything again: something may have been sealed with the old key meanwhile.
  await KeyRotation.updateOne({ _id }, { $set: { done: [], finished_at: new Date() } });
  return total;
}

async function rotateCollection(
  rotation: string,
  name: string,
  from: string | null,
  options: RotationOptions,
): Promise<number> {
  const collection = here().database.collection(name);
  const size = options.batch ?? 500;
  let last: unknown = from === null ? undefined : EJSON.parse(from, { relaxed: false });
  let seen = 0;
  let total = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const filter = last === undefined ? {} : { _id: { $gt: last as never } };
    const documents = await collection.find(filter).sort({ _id: 1 }).limit(size).toArray();
    if (documents.length === 0) return total;
    let count = 0;
    for (const document of documents) count += await rewrapDocument(name, document);
    last = documents.at(-1)?._id;
    seen += documents.length;
    total += count;
    await KeyRotation.updateOne(
      { _id: rotation },
      { $set: { collection_name: name, last: EJSON.stringify(last, { relaxed: false }) }, $inc: { rewrapped: count } },
    );
    if (options.tell) {
      const { rewrapped } = await KeyRotation.findById(rotation).lean().orFail();
      options.tell({ collection: name, seen, rewrapped });
    }
    if (documents.length < size) return total;
  }
}

/** Exchanges each old text of a document where it still stands; one that changed meanwhile is read again. */
async function rewrapDocument(name: string, document: { _id: unknown }): Promise<number> {
  const collection = here().database.collection(name);
  let count = 0;
  let current: { _id: unknown } | null = document;
  for (let attempt = 0; current && attempt < 10; attempt += 1) {
    let changed = false;
    for (const { path, sealed } of sealedTexts(current)) {
      const rewrapped = rewrap(name, current._id, path, sealed);
      if (rewrapped === null) continue;
      const written = await collection.updateOne(
        { _id: current._id as never, [path]: sealed },
        { $set: { [path]: rewrapped } },
      );
      count += written.modifiedCount;
      if (written.modifiedCount === 0) changed = true;
    }
    if (!changed) return count;
    current = await collection.findOne({ _id: current._id as never });
  }
  if (current === null) return count;
  // Ending quietly would let the old key be removed, and with it this secret.
  throw new Error(`${name} ${String(document._id)} holds a secret under an old key that could not be exchanged.`);
}

function rewrap(name: string, id: unknown, path: string, sealed: string): string | null {
  try {
    return vault().rewrap(sealed);
  } catch (error) {
    if (error instanceof Error) error.message = `${name} ${String(id)}, field ${path}: ${error.message}`;
    throw error;
  }
}

function here() {
  const database = connection.db;
  if (!database) throw new Error('rotateKey() needs a connected database.');
  return { database };
}
