import { join } from 'node:path';
import { config } from '../config.ts';
import type { Address } from '../database/embedded/address.ts';
import { makePrivateFolder, socketOf } from '../database/embedded/address.ts';
import { serveEngine } from '../database/embedded/serve-engine.ts';

const usage = `patchbay-host database [--port <number> [--no-login]]

Serves the embedded database of PATCHBAY_DATA as a process of its own and prints its address, so that several hosts can
share it: start each with MONGODB_URI set to that address. Ends on SIGTERM or SIGINT.

  --port <number>   listen on that port of 127.0.0.1 (0: any free one) instead of a Unix socket that only this user can
                    open; clients log in with a secret of the data folder, which the printed address holds
  --no-login        with --port: everybody on this machine may read and write without a login; for the test suites of
                    drivers, with data that may be lost
`;

/**
 * Serves the embedded database of a data folder until it is stopped.
 * @param data - the data folder
 * @param port - a port of 127.0.0.1 instead of the folder's Unix socket; 0 for any free one
 * @param open - whether clients of that port need no login
 * @throws Error when another process owns the folder
 */
export async function database({
  data,
  port,
  open = false,
}: {
  data: string;
  port?: number;
  open?: boolean;
}): Promise<{ uri: string; stop(): Promise<void> }> {
  const folder = join(data, 'database');
  makePrivateFolder(folder);
  const address: Address = port === undefined ? socketOf(folder) : { host: '127.0.0.1', port, open };
  return serveEngine(folder, address, {
    error: (details, message) =>
      process.stderr.write(`${JSON.stringify({ level: 'error', message, ...printable(details) })}\n`),
  });
}

function printable(details: object): object {
  const { err, ...rest } = details as { err?: unknown };
  return err instanceof Error ? { ...rest, error: err.message } : rest;
}

/** The host command: serves until SIGTERM or SIGINT. */
export async function run(args: string[]): Promise<number> {
  const [option, value, login] = args;
  const open = login === '--no-login';
  const wrong = option !== '--port' || !/^\d{1,5}$/.test(value ?? '') || args.length > (open ? 3 : 2);
  if (option !== undefined && wrong) {
    process.stderr.write(usage);
    return option === '--help' ? 0 : 2;
  }
  const { data } = config();
  let served: Awaited<ReturnType<typeof database>>;
  try {
    served = await database({ data, ...(value !== undefined && { port: Number(value), open }) });
  } catch (error) {
    // What keeps a database from starting is on this machine, not in this program: the sentence says what to do.
    process.stderr.write(`The database cannot start: ${(error as Error).message}\n`);
    return 1;
  }
  if (open)
    process.stderr.write(
      'Without a login: everybody on this machine can read and write this database. Keep nothing in it.\n',
    );
  process.stdout.write(`${served.uri}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await served.stop();
  return 0;
}
