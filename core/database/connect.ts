import { join } from 'node:path';
import type { Logger } from 'pino';
import { startEmbedded } from './embedded/start-embedded.ts';
import { logSlowCommands } from './log-slow-commands.ts';
import { mongoose } from './mongoose.ts';

/** The database of this host. */
export type Database = {
  kind: 'mongodb' | 'embedded';
  /** Whether commands can be sent now. It becomes `connected` again by itself. */
  status(): 'connected' | 'disconnected';
  close(): Promise<void>;
};

/**
 * Connects mongoose to a MongoDB replica set, or to the embedded engine in the data folder when there is no address.
 * Everything above works on the same models either way. Indexes of all models known so far are made here.
 *
 * @param uri - `MONGODB_URI`; null or absent for the embedded engine
 * @param data - the data folder, made when needed
 * @param slowMs - commands that take at least so many milliseconds are logged (100)
 * @throws Error when the database does not answer within 10 s or is no replica set, when the data folder belongs to another
 *   process, or when an index cannot be made
 */
export async function connectDatabase({
  uri,
  data,
  log,
  slowMs = 100,
}: {
  uri?: string | null;
  data: string;
  log: Logger;
  slowMs?: number;
}): Promise<Database> {
  const embedded = uri ? undefined : await startEmbedded({ folder: join(data, 'database'), log });
  try {
    await mongoose.connect(embedded?.uri ?? uri ?? '', {
      writeConcern: { w: 'majority' },
      readConcern: { level: 'majority' },
      serverSelectionTimeoutMS: 10_000,
      // How soon a restart of the engine is noticed; a replica set tells by itself.
      ...(embedded && { heartbeatFrequencyMS: 1000 }),
      maxPoolSize: 50,
      monitorCommands: true,
      appName: 'patchbay',
    });
    await refuseStandalone();
    const stopLogging = logSlowCommands(mongoose.connection.getClient(), log, slowMs);
    await createIndexes(log);
    return {
      kind: embedded ? 'embedded' : 'mongodb',
      status: () =>
        mongoose.connection.readyState === 1 && (!embedded || embedded.status() === 'serving')
          ? 'connected'
          : 'disconnected',
      async close() {
        stopLogging();
        await mongoose.disconnect();
        await embedded?.close();
      },
    };
  } catch (error) {
    await mongoose.disconnect();
    await embedded?.close();
    throw error;
  }
}

/** Transactions, which are used throughout, need a replica set or a cluster of them. */
async function refuseStandalone(): Promise<void> {
  const { setName, msg } = await mongoose.connection.getClient().db('admin').command({ hello: 1 });
  if (setName === undefined && msg !== 'isdbgrid') {
    throw new Error(
      'MONGODB_URI names a MongoDB server that is no member of a replica set; start it with --replSet and run rs.initiate(): one member is enough',
    );
  }
}

/** Makes the indexes of every model, and says which are new. */
async function createIndexes(log: Logger): Promise<void> {
  for (const model of Object.values(mongoose.models)) {
    const before = new Set((await indexNames(model)) ?? []);
    try {
      await model.createIndexes().catch(async (error) => {
        if (!(await dropChanged(model, error))) throw error;
        await model.createIndexes();
      });
    } catch (error) {
      throw new Error(
        `The indexes of ${model.modelName} cannot be made: ${(error as Error).message}. Drop the index that is named, or mend the documents that break it, and start again`,
        { cause: error },
      );
    }
    const made = ((await indexNames(model)) ?? []).filter((name) => !before.has(name) && name !== '_id_');
    if (made.length) log.debug({ model: model.modelName, indexes: made }, 'made indexes');
  }
}

/**
 * An index that an earlier version declared otherwise, under the same name, keeps the new one from being made: 85
 * (IndexOptionsConflict) and 86 (IndexKeySpecsConflict). Those that an operator made under other names stay.
 *
 * @returns whether there was one, and it is gone
 */
async function dropChanged(model: (typeof mongoose.models)[string], error: { code?: number }): Promise<boolean> {
  if (error.code !== 85 && error.code !== 86) return false;
  const declared = model.schema
    .indexes()
    .map(([fields, options]) => options.name ?? Object.entries(fields).flat().join('_'));
  const { toDrop } = await model.diffIndexes();
  const changed = toDrop.filter((name) => declared.includes(name));
  for (const name of changed) await model.collection.dropIndex(name);
  return changed.length > 0;
}

async function indexNames(model: (typeof mongoose.models)[string]): Promise<string[]> {
  if (model.schema.indexes().length === 0) return [];
  try {
    return Object.keys(await model.collection.indexInformation());
  } catch (error) {
    // NamespaceNotFound: the collection is made with its first index or document.
    if ((error as { code?: number }).code === 26) return [];
    throw error;
  }
}
