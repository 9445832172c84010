import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../../core/database/connect.ts';
import { log } from '../../core/log.ts';

/**
 * Mocha hooks for a suite that works on the database without a host: mongoose connected to an embedded engine in a
 * temporary folder (or to `MONGODB_URI`), emptied of nothing: each suite has a folder of its own.
 */
export function withDatabase(): void {
  let folder: string;
  let database: Awaited<ReturnType<typeof connectDatabase>>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'patchbay-test-'));
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: folder, log });
  });
  after(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
}
