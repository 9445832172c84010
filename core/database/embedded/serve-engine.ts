import { chmodSync, rmSync, statfsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Address, makePrivateFolder, uriOf } from './address.ts';
import type { EngineLog } from './answer.ts';
import { openEngine } from './engine.ts';
import { lockFolder } from './folder-lock.ts';
import { loginOf } from './login.ts';
import { startExpiry } from './storage/expire-documents.ts';
import { createWireServer } from './wire/server.ts';

/** An engine that serves. */
export type Served = { uri: string; stop: () => Promise<void> };

/** Kinds of file systems on other machines, where the locks of SQLite cannot be trusted (statfs(2)). */
const REMOTE = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
]);

/**
 * Opens the database of a folder and serves it at an address.
 * @param folder - made when it is not there, with mode 0700
 * @param address - a Unix socket, or a port of this machine, where clients must log in with the secret of the folder
 *   unless it is `open`
 * @throws Error when another process owns the folder or the address cannot be listened on
 */
export async function serveEngine(folder: string, address: Address, log: EngineLog): Promise<Served> {
  makePrivateFolder(folder);
  const remote = REMOTE.get(statfsSync(folder).type);
  if (remote)
    log.error(
      { folder, file_system: remote },
      'the data folder is on a network file system: put it on a local disk, or data may be lost',
    );
  const lock = lockFolder(folder);
  let engine: ReturnType<typeof openEngine>;
  try {
    engine = openEngine(folder);
  } catch (error) {
    lock.release();
    throw error;
  }
  const login = 'socket' in address || address.open ? undefined : loginOf(folder);
  if (login) engine.login = login;
  const wire = createWireServer(engine, log);
  try {
    if ('socket' in address) {
      // Only the owner of the folder gets here, so what is left of a killed one can go.
      rmSync(address.socket, { force: true });
      await listen(wire.server, { path: address.socket });
      chmodSync(address.socket, 0o600);
      engine.address = address.socket;
    } else {
      await listen(wire.server, { host: address.host, port: address.port });
      address = { host: address.host, port: (wire.server.address() as AddressInfo).port };
      engine.address = `${address.host}:${address.port}`;
    }
  } catch (error) {
    engine.close();
    lock.release();
    throw error;
  }
  const expiry = startExpiry(engine, log);
  return {
    uri: uriOf(address, login),
    async stop() {
      expiry.stop();
      await wire.stop();
      engine.close();
      lock.release();
    },
  };
}

function listen(
  server: ReturnType<typeof createWireServer>['server'],
  where: { path: string } | { host: string; port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
