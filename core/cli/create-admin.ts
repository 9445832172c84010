import { parseArgs } from 'node:util';
import { createAdmin } from '../access/create-admin.ts';
import { config } from '../config.ts';
import { startVault } from '../vault/start-vault.ts';
import { joinDatabase } from './join-database.ts';

const usage = `patchbay-host create-admin [--email <address>]

Prints a link, good once and for a day, with which a person becomes an admin of the site and owner of its first
workspace. With --email only that address can use it; with a password on standard input the admin is made at once:
  printf '%s' 'a long password' | patchbay-host create-admin --email ada@example.com
`;

/** The host command: makes an admin, or a one-time link for one. */
export async function run(args: string[]): Promise<number> {
  const email = readEmail(args);
  if (email === false) {
    const asked = args.includes('--help');
    process[asked ? 'stdout' : 'stderr'].write(usage);
    return asked ? 0 : 2;
  }
  const password = email !== null && !process.stdin.isTTY ? await readPassword() : '';
  if (password !== '' && password.length < 12) {
    process.stderr.write('The password needs at least 12 characters.\n');
    return 2;
  }
  const { encryption_keys, data, url } = config();
  const database = await joinDatabase();
  try {
    await startVault(encryption_keys, data);
    const token = await createAdmin(email, password);
    process.stdout.write(token === null ? `${email} is an admin now.\n` : `${url}/setup#token=${token}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

/** The address, null without one, false when the arguments are wrong. */
function readEmail(args: string[]): string | null | false {
  try {
    const { email } = parseArgs({ args, options: { email: { type: 'string' } } }).values;
    if (email !== undefined && !/^[^@\s]+@[^@\s]+$/.test(email)) return false;
    return email ?? null;
  } catch {
    // parseArgs says what it does not know; the usage says what there is.
    return false;
  }
}

async function readPassword(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.replace(/\r?\n$/, '');
}
