import { migrate } from '../database/migrations.ts';
import { joinDatabase } from './join-database.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host migrate

Brings the database to this version, as every start does. Killed half-way, the same command goes on.
`;

/** The host command: runs the migrations that are left. */
export async function run(args: string[]): Promise<number> {
  if (args.length > 0) return tellUsage(usage, args);
  try {
    const database = await joinDatabase();
    try {
      const ran = await migrate();
      process.stdout.write(
        ran.length > 0 ? `Migrated to version ${ran.at(-1)}.\n` : 'The database is of this version already.\n',
      );
    } finally {
      await database.close();
    }
    return 0;
  } catch (error) {
    return tellFailure(error);
  }
}
