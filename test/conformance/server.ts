import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, MongoClient } from 'mongodb';
import { type Embedded, startEmbedded } from '../../core/database/embedded/start-embedded.ts';

/** Whether the suite runs against a real MongoDB server, given by `MONGODB_URI`, instead of the embedded engine. */
export const real = process.env.MONGODB_URI !== undefined;

const silent = { error: () => {}, warn: () => {} };

/**
 * Mocha hooks that give a file of the suite a database of its own: in the embedded engine, or on the server of
 * `MONGODB_URI`. The expectations are the same for both; each names the page of MongoDB's manual that it comes from.
 */
export function server(name: string): { db: () => Db; client: () => MongoClient } {
  let client: MongoClient;
  let embedded: Embedded | undefined;
  let folder: string | undefined;
  const database = `conformance_${name}_${process.pid}`;
  before(async () => {
    let uri = process.env.MONGODB_URI;
    if (uri === undefined) {
      folder = mkdtempSync(join(tmpdir(), 'pb-conf-'));
      embedded = await startEmbedded({ folder, log: silent });
      uri = embedded.uri;
    }
    client = await MongoClient.connect(uri);
  });
  after(async () => {
    await client.db(database).dropDatabase();
    await client.close();
    await embedded?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  return { db: () => client.db(database), client: () => client };
}

/** The code of the error that a promise is rejected with; 0 when it is not. */
export async function codeOf(promise: Promise<unknown>): Promise<number> {
  try {
    await promise;
    return 0;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== 'number') throw error;
    return code;
  }
}
