import { join } from 'node:path';
import { config } from '../config.ts';
import { doctor } from '../database/embedded/doctor.ts';
import { listMigrations } from '../database/migrations.ts';
import { joinDatabase } from './join-database.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host doctor [--repair]

Compares every index of the embedded database of PATCHBAY_DATA with its documents, and lists the migrations. Ends with 1
when something is wrong.

  --repair   build indexes that differ anew; no host may be using the database
`;

/** The host command: looks over the database. */
export async function run(args: string[]): Promise<number> {
  const repair = args.includes('--repair');
  if (args.length > (repair ? 1 : 0)) return tellUsage(usage, args);
  try {
    const sound = config().mongodb_uri !== null || examine(repair);
    await tellMigrations();
    return sound ? 0 : 1;
  } catch (error) {
    return tellFailure(error);
  }
}

function examine(repair: boolean): boolean {
  const { collections, documents, keys, findings, rebuilt } = doctor(join(config().data, 'database'), { repair });
  process.stdout.write(`${collections} collections, ${documents} documents, ${keys} index keys\n`);
  for (const name of rebuilt) process.stdout.write(`built anew: ${name}\n`);
  for (const { collection, index, problem } of findings) {
    process.stdout.write(`wrong: ${[collection, index].filter(Boolean).join(' ')}: ${problem}\n`);
  }
  if (findings.length === 0) process.stdout.write('every index agrees with its documents\n');
  else if (!repair) process.stdout.write('stop the host and run patchbay-host doctor --repair\n');
  return findings.length === 0 || rebuilt.length === findings.length;
}

async function tellMigrations(): Promise<void> {
  const database = await joinDatabase();
  try {
    for (const { version, title, done, done_at } of await listMigrations()) {
      process.stdout.write(
        `migration ${version} (${title}): ${done ? `done ${done_at?.toISOString() ?? ''}` : 'waits for the next start'}\n`,
      );
    }
  } finally {
    await database.close();
  }
}
