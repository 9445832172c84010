import { join } from 'node:path';
import { config } from '../config.ts';
import { doctor } from '../database/embedded/doctor.ts';
import { listMigrations } from '../database/migrations.ts';
import { countByKey } from '../vault/count-by-key.ts';
import { VaultError } from '../vault/errors.ts';
import { startVault } from '../vault/start-vault.ts';
import { joinDatabase } from './join-database.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host doctor [--repair]

Compares every index of the embedded database of PATCHBAY_DATA with its documents, looks whether the master keys open
what is sealed, and lists the migrations. Ends with 1 when something is wrong.

  --repair   build indexes that differ anew; no host may be using the database
`;

/** The host command: looks over the database. */
export async function run(args: string[]): Promise<number> {
  const repair = args.includes('--repair');
  if (args.length > (repair ? 1 : 0)) return tellUsage(usage, args);
  try {
    const sound = config().mongodb_uri !== null || examine(repair);
    const database = await joinDatabase();
    try {
      const opens = await tellKeys();
      await tellMigrations();
      return sound && opens ? 0 : 1;
    } finally {
      await database.close();
    }
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

/** Says which master keys secrets need; false when one of them is not there, or is another key under its name. */
async function tellKeys(): Promise<boolean> {
  const { encryption_keys, data } = config();
  const counts = await countByKey();
  if (counts.size === 0) {
    process.stdout.write('nothing is sealed yet\n');
    return true;
  }
  try {
    const { vault } = await startVault(encryption_keys, data);
    for (const [key_id, count] of counts) {
      const known = vault.key_ids.includes(key_id);
      process.stdout.write(
        `${known ? '' : 'wrong: '}${count} secrets need master key ${key_id}${known ? '' : ', which is missing'}\n`,
      );
    }
    return [...counts.keys()].every((key_id) => vault.key_ids.includes(key_id));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    process.stdout.write(`wrong: ${error.message}\n`);
    return false;
  }
}

async function tellMigrations(): Promise<void> {
  for (const { version, title, done, done_at } of await listMigrations()) {
    process.stdout.write(
      `migration ${version} (${title}): ${done ? `done ${done_at?.toISOString() ?? ''}` : 'waits for the next start'}\n`,
    );
  }
}
