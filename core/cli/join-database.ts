import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { config } from '../config.ts';
import { connectDatabase, type Database } from '../database/connect.ts';
import { socketOf, uriOf } from '../database/embedded/address.ts';
import { log } from '../log.ts';

/**
 * Connects a host command to the database: to MONGODB_URI, to the embedded engine of a host that runs on the same data
 * folder, or to the engine itself when nobody serves it.
 *
 * @throws Error when none of them can be reached
 */
export async function joinDatabase(): Promise<Database> {
  const { mongodb_uri, data } = config();
  if (mongodb_uri !== null) return connectDatabase({ uri: mongodb_uri, data, log });
  const address = socketOf(join(data, 'database'));
  if ('socket' in address && existsSync(address.socket)) {
    try {
      return await connectDatabase({ uri: uriOf(address), data, log });
    } catch (error) {
      // A socket that a killed host left behind: the engine's own lock decides.
      log.debug({ err: error }, 'nobody serves the embedded database; it is opened here');
    }
  }
  return connectDatabase({ data, log });
}
