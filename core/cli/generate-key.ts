import { newMasterKey } from '../vault/key-file.ts';

const usage = `patchbay-host generate-key

Prints a new master key for ENCRYPTION_KEY: 64 hex characters. To rotate, put it before the old one, with a comma.
`;

/** The host command: prints a new master key. */
export async function run(args: string[]): Promise<number> {
  if (args.length > 0) {
    process[args[0] === '--help' ? 'stdout' : 'stderr'].write(usage);
    return args[0] === '--help' ? 0 : 2;
  }
  process.stdout.write(`${newMasterKey().toString('hex')}\n`);
  return 0;
}
