import { hostname } from 'node:os';
import { log } from '../log.ts';
import { MigrationState } from './migration-model.ts';
import { connection, mongoose } from './mongoose.ts';

/** One step of the database from a version to the next. It may be killed and run again: each run must be able to go on. */
export type Migration = {
  /** 1, 2, 3 …, without gaps, never changed once released */
  version: number;
  title: string;
  run: () => Promise<void>;
};

/** The steps that there are, in order. A database that is new has them all behind it after its first start. */
export const migrations: Migration[] = [
  { version: 1, title: 'the first layout: nothing to move', run: async () => {} },
  {
    version: 2,
    title: 'records lose two indexes that others stand for: each costs every record that is stored',
    run: () =>
      dropIndexes('records', [
        'integration_id_1_stream_1_parent_1_key_1',
        'workspace_id_1_integration_id_1_changed_at_1__id_1',
      ]),
  },
];

async function dropIndexes(name: string, gone: string[]): Promise<void> {
  const collection = connection.collection(name);
  const indexes = await collection.indexes().catch((error: { code?: number }) => {
    // NamespaceNotFound: a new database.
    if (error.code === 26) return [];
    throw error;
  });
  for (const { name: index = '' } of indexes) if (gone.includes(index)) await collection.dropIndex(index);
}

/** For how long a node may be silent before another takes the lock from it, in milliseconds. */
const LOCK_MS = 30_000;

/** How often a node that waits looks again, in milliseconds. */
const WAIT_MS = 200;

/**
 * Brings the database to this version: each step once across all nodes, in order, under a lock that a killed node loses.
 * @param steps - for tests
 * @returns the versions that this call ran
 * @throws Error when the database is of a later version than this Patchbay, or a step fails
 */
export async function migrate(steps: Migration[] = migrations): Promise<number[]> {
  const ran: number[] = [];
  const owner = `${hostname()} ${process.pid} ${Math.random().toString(36).slice(2)}`;
  for (;;) {
    const state = await currentState();
    const next = steps.find(({ version }) => version > state.version);
    refuseLater(state.version, steps);
    if (!next) return ran;
    if (!(await takeLock(owner))) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      continue;
    }
    await runStep(next, owner, ran);
  }
}

/** The steps, and which of them this database has behind it. */
export async function listMigrations(): Promise<
  { version: number; title: string; done: boolean; done_at: Date | null }[]
> {
  const { version: reached, done } = await currentState();
  return migrations.map(({ version, title }) => ({
    version,
    title,
    done: version <= reached,
    done_at: done.find((entry) => entry.version === version)?.at ?? null,
  }));
}

async function currentState() {
  const state = await MigrationState.findById('schema').lean();
  return state ?? { version: 0, done: [] };
}

function refuseLater(version: number, steps: Migration[]): void {
  const latest = steps.at(-1)?.version ?? 0;
  if (version > latest) {
    throw new Error(
      `The database has version ${version}, this Patchbay knows ${latest}: start the Patchbay that wrote it, or a newer one`,
    );
  }
}

async function takeLock(owner: string): Promise<boolean> {
  const now = new Date();
  try {
    const { acknowledged, modifiedCount, upsertedCount } = await MigrationState.updateOne(
      { _id: 'schema', $or: [{ owner: null }, { locked_until: mongoose.trusted({ $lt: now }) }] },
      { $set: { owner, locked_until: new Date(now.getTime() + LOCK_MS) }, $setOnInsert: { version: 0, done: [] } },
      { upsert: true },
    );
    return acknowledged && modifiedCount + upsertedCount === 1;
  } catch (error) {
    // Another node holds the lock, so the filter finds nothing and the upsert meets its document.
    if ((error as { code?: number }).code === 11000) return false;
    throw error;
  }
}

async function runStep({ version, title, run }: Migration, owner: string, ran: number[]): Promise<void> {
  const keep = setInterval(() => {
    MigrationState.updateOne(
      { _id: 'schema', owner },
      { $set: { locked_until: new Date(Date.now() + LOCK_MS) } },
    ).catch((error) => log.warn({ err: error }, 'the lock of the migrations could not be kept; the step goes on'));
  }, LOCK_MS / 3);
  try {
    // Another node may have done this step between the look and the lock.
    const { version: reached } = await currentState();
    if (reached < version) {
      log.info({ version, title }, 'migrating the database');
      await run();
      const { modifiedCount } = await MigrationState.updateOne(
        { _id: 'schema', owner, version: reached },
        { $set: { version }, $push: { done: { version, title, at: new Date() } } },
      );
      if (modifiedCount !== 1)
        throw new Error(`Migration ${version} (${title}) lost its lock to another node; start again`);
      ran.push(version);
    }
  } finally {
    clearInterval(keep);
    await MigrationState.updateOne({ _id: 'schema', owner }, { $set: { owner: null } });
  }
}
