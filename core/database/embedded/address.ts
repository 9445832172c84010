import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where the engine listens. `open` lets everybody on this machine in without a login. */
export type Address = { socket: string } | { host: string; port: number; open?: boolean };

/** The address of a socket is cut by the operating system beyond about this many bytes (`sun_path` in unix(7)). */
const MAX_SOCKET_PATH = 100;

/**
 * The Unix socket of a data folder: the same one each time, in a folder that only this user can enter.
 * @throws Error when somebody else has made that folder
 */
export function socketOf(folder: string): Address {
  const own = join(resolve(folder), 'db.sock');
  if (Buffer.byteLength(own) <= MAX_SOCKET_PATH) return { socket: own };
  const name = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16);
  const other = join(tmpdir(), `patchbay-${name}`);
  makePrivateFolder(other);
  return { socket: join(other, 'db.sock') };
}

/**
 * Makes a folder that only this user can enter, or sees to it that it is one.
 * @throws Error when it is somebody else's, or on a disk that cannot be written
 */
export function makePrivateFolder(folder: string): void {
  try {
    makeOwn(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EROFS', 'EACCES', 'EPERM', 'ENOSPC'].includes(code ?? '')) throw error;
    throw new Error(
      `The data folder ${folder} cannot be written (${code}): make its disk writable, or set PATCHBAY_DATA to another folder`,
      { cause: error },
    );
  }
}

function makeOwn(folder: string): void {
  mkdirSync(dirname(resolve(folder)), { recursive: true, mode: 0o700 });
  // By itself, for a recursive one says "not there" of what cannot be made.
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const state = lstatSync(folder);
  const mine = typeof process.getuid !== 'function' || state.uid === process.getuid();
  if (!state.isDirectory() || !mine)
    throw new Error(`${folder} is not a folder of this user; remove it or choose another PATCHBAY_DATA`);
  chmodSync(folder, 0o700);
}

/** The connection string of an address. One member is named directly: there is no set to discover. */
export function uriOf(address: Address, login?: { user: string; password: string }): string {
  const where = 'socket' in address ? encodeURIComponent(address.socket) : `${address.host}:${address.port}`;
  const who = login ? `${login.user}:${encodeURIComponent(login.password)}@` : '';
  return `mongodb://${who}${where}/patchbay?directConnection=true${login ? '&authSource=admin&authMechanism=SCRAM-SHA-256' : ''}`;
}
