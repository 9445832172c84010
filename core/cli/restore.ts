import { join } from 'node:path';
import { config } from '../config.ts';
import { restore } from '../database/embedded/backup.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host restore <file>

Puts a backup in the place of the embedded database of PATCHBAY_DATA, which no host may be using. What was there is kept
beside it.
`;

/** The host command: puts a backup back. */
export async function run(args: string[]): Promise<number> {
  const [file] = args;
  if (file === undefined || file.startsWith('-') || args.length > 1) return tellUsage(usage, args);
  try {
    const former = restore(join(config().data, 'database'), file);
    process.stdout.write(`The database is that of ${file}.${former ? ` The former one is ${former}.` : ''}\n`);
    return 0;
  } catch (error) {
    return tellFailure(error);
  }
}
