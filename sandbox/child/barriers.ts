import { fstatSync, readFileSync, writeFileSync } from 'node:fs';

/** What `process.getBuiltinModule` gives, loosely: a taken-over process would not care for types either. */
type Loose = Record<string, (...args: unknown[]) => unknown>;

/**
 * Tries each barrier from inside this process. True: closed. The flags of `launch.ts` close them; this says whether they
 * did on this machine and this Node.
 */
export async function probeBarriers(): Promise<Record<string, boolean>> {
  const builtin = (name: string) => process.getBuiltinModule(name) as unknown as Loose;
  const closed: Record<string, boolean> = {
    file: refuses(() => readFileSync('/etc/passwd')),
    write: refuses(() => writeFileSync('/tmp/patchbay-probe', '')),
    spawn: refuses(() => builtin('child_process').spawnSync?.('/bin/true')),
    worker: refuses(
      () =>
        new (builtin('worker_threads').Worker as unknown as new (...args: unknown[]) => unknown)('', { eval: true }),
    ),
    inspector: refuses(() => builtin('inspector').open?.(0)),
    wasi: refuses(() => new (builtin('wasi').WASI as unknown as new (o: object) => unknown)({ version: 'preview1' })),
    sqlite: !process.getBuiltinModule('node:sqlite'),
    environment: Object.keys(process.env).length === 0,
    descriptors: inheritedDescriptors() === 0,
  };
  closed.network = await refusesLater((fail) => connectTo(builtin('net'), { port: 9, host: '127.0.0.1' }, fail));
  closed.unix = await refusesLater((fail) => connectTo(builtin('net'), { path: '/tmp/patchbay-probe.sock' }, fail));
  closed.dns = await refusesLater((fail) => builtin('dns').lookup?.('localhost', fail));
  return closed;
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_ACCESS_DENIED';
}

function refuses(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return isDenied(error);
  }
}

function refusesLater(act: (tell: (error: unknown) => void) => unknown): Promise<boolean> {
  return new Promise((resolve) => {
    const tell = (error: unknown) => resolve(isDenied(error));
    try {
      act(tell);
    } catch (error) {
      tell(error);
    }
    setTimeout(() => resolve(false), 1000).unref();
  });
}

function connectTo(net: Loose, target: object, tell: (error: unknown) => void): void {
  const socket = net.connect?.(target) as { on(name: string, listener: (error?: unknown) => void): void };
  socket.on('error', tell);
  socket.on('connect', () => tell(null));
}

/** Open files and sockets beside standard streams, the host's channel and the recorder. Node's own are neither. */
function inheritedDescriptors(): number {
  let found = 0;
  for (let fd = 5; fd < 256; fd++) {
    try {
      const stat = fstatSync(fd);
      if (stat.isFile() || stat.isSocket() || stat.isBlockDevice() || stat.isDirectory()) found++;
    } catch {
      // Not open.
    }
  }
  return found;
}
