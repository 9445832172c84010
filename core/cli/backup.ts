import { join } from 'node:path';
import { config } from '../config.ts';
import { backup } from '../database/embedded/backup.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host backup <file>

Copies the embedded database of PATCHBAY_DATA to a new file, as it is at one moment, while a host serves or not.
Keep the key file of the data folder beside it: without the key no stored secret opens.
`;

/** The host command: copies the embedded database. */
export async function run(args: string[]): Promise<number> {
  const [file] = args;
  if (file === undefined || file.startsWith('-') || args.length > 1) return tellUsage(usage, args);
  try {
    backup(join(config().data, 'database'), file);
    process.stdout.write(`The database is copied to ${file}.\n`);
    return 0;
  } catch (error) {
    return tellFailure(error);
  }
}
