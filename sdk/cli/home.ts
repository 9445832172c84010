import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../contract/failure.ts';

/** A sign-in at one host. `token` is an API key or access token; `refresh_token` renews it. */
export interface SignIn {
  token: string;
  refresh_token?: string;
  /** Who it is, to show. */
  label: string;
}

/** The folder for sign-ins and keys: `PATCHBAY_HOME`, or `patchbay` in the user's configuration folder. */
export function homeFolder(): string {
  return process.env.PATCHBAY_HOME ?? join(process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'patchbay');
}

/** The sign-ins by host address. */
export async function readSignIns(): Promise<Record<string, SignIn>> {
  const path = join(homeFolder(), 'sign-ins.json');
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Failure('malformed', { message: `${path} is not JSON; remove it and sign in again` });
    }
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Keeps a sign-in, or forgets it (`undefined`). Only the user may read the file. */
export async function writeSignIn(url: string, signIn: SignIn | undefined): Promise<void> {
  const { [url]: _old, ...others } = await readSignIns();
  const all = signIn ? { ...others, [url]: signIn } : others;
  await writePrivate(join(homeFolder(), 'sign-ins.json'), `${JSON.stringify(all, null, 2)}\n`);
}

/** Writes a file that only the user may read, in a folder that only the user may enter. */
export async function writePrivate(path: string, content: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  await writeFile(path, content, { mode: 0o600 });
  await chmod(path, 0o600);
}

/** Where the private key of a publisher is kept, unless another file is named. */
export function publisherKeyFile(publisher: string): string {
  return join(homeFolder(), 'keys', `${publisher.slice(1)}.pem`);
}
