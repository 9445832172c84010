import { join } from 'node:path';
import { config } from '../config.ts';
import { exportCollections } from '../database/embedded/export-collections.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host export <folder>

Writes the embedded database of PATCHBAY_DATA as files that mongorestore loads, to move to a MongoDB replica set:
  mongorestore --uri "$MONGODB_URI" <folder>
`;

/** The host command: writes the embedded database as files for mongorestore. */
export async function run(args: string[]): Promise<number> {
  const [folder] = args;
  if (folder === undefined || folder.startsWith('-') || args.length > 1) return tellUsage(usage, args);
  try {
    const counts = Object.entries(exportCollections(join(config().data, 'database'), folder));
    for (const [name, count] of counts) process.stdout.write(`${name}: ${count} documents\n`);
    return 0;
  } catch (error) {
    return tellFailure(error);
  }
}
