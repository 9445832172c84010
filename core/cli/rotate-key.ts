import { config } from '../config.ts';
import '../access/model.ts';
import { keyFile, readKeyFile } from '../vault/key-file.ts';
import type { RotationProgress } from '../vault/rotate.ts';
import { rotateAll, rotateKeyFile } from '../vault/rotate-all.ts';
import { openVault } from '../vault/vault.ts';
import { joinDatabase } from './join-database.ts';

const usage = `patchbay-host rotate-key

Wraps every stored secret again under the newest master key, while hosts serve. Killed half-way, the same command goes on.

With ENCRYPTION_KEY: first give every host the list "old,new" and restart it (so that all can open the new one), then
"new,old"; then run this with "new,old"; then remove the old one everywhere.
Without: the key file of the data folder gets a new key, running hosts notice by themselves, and the old one goes.
`;

/** The host command: rotates the master key with progress on standard output. */
export async function run(args: string[]): Promise<number> {
  if (args.length > 0) {
    process[args[0] === '--help' ? 'stdout' : 'stderr'].write(usage);
    return args[0] === '--help' ? 0 : 2;
  }
  const { encryption_keys, data } = config();
  if (encryption_keys.length === 1) {
    process.stderr.write(
      'ENCRYPTION_KEY has one key, so there is nothing to rotate to. Put a new one before it, with a comma; patchbay-host generate-key makes one.\n',
    );
    return 2;
  }
  if (encryption_keys.length === 0 && readKeyFile(data).length === 0) {
    process.stderr.write(`There is no master key: ENCRYPTION_KEY is not set and ${keyFile(data)} does not exist.\n`);
    return 1;
  }
  const database = await joinDatabase();
  try {
    const tell = ({ collection, seen, rewrapped }: RotationProgress) =>
      process.stdout.write(`${collection}: ${seen} looked at, ${rewrapped} secrets wrapped again so far\n`);
    if (encryption_keys.length > 1) openVault(encryption_keys);
    const total = encryption_keys.length > 1 ? await rotateAll({ tell }) : await rotateKeyFile(data, { tell });
    process.stdout.write(`Done: ${total} secrets were wrapped again; nothing needs an older key any more.\n`);
    return 0;
  } finally {
    await database.close();
  }
}
