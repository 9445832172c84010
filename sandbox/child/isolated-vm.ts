import ivm from 'isolated-vm';
import type { Engine, Room } from './engine.ts';
import { LoadFailed, Stopped } from './engine.ts';
import { guestScript } from './guest-script.ts';

const RUNTIME = 'patchbay:runtime';
/** Making the runtime takes about a millisecond; a machine under load gets a thousand times that. */
const RUNTIME_TIMEOUT_MS = 1_000;

/** isolated-vm: V8 isolates of this process. */
export function isolatedVmEngine(): Engine {
  const source = guestScript();
  let cache: ivm.ExternalCopy<ArrayBuffer> | undefined;

  return {
    open(options) {
      const isolate = new ivm.Isolate({ memoryLimit: options.heap_mb, onCatastrophicError: options.onCatastrophe });
      try {
        const context = isolate.createContextSync();
        const script = isolate.compileScriptSync(source, {
          filename: RUNTIME,
          ...(cache ? { cachedData: cache } : {}),
        });
        const make = script.runSync(context, { reference: true, timeout: RUNTIME_TIMEOUT_MS });
        const host = new ivm.Callback(options.host, { sync: true });
        const enter = make.applySync(undefined, [host, options.seed], {
          result: { reference: true },
          timeout: RUNTIME_TIMEOUT_MS,
        }) as ivm.Reference<Enter>;
        make.release();
        cache ??= producedCache(isolate, source, RUNTIME);
        return new IsolateRoom(isolate, context, enter);
      } catch (error) {
        isolate.dispose();
        throw error;
      }
    },
  };
}

/** isolated-vm sets these on scripts; its types do not say so. */
type Cached = ivm.Script & { cachedData?: ivm.ExternalCopy<ArrayBuffer>; cachedDataRejected?: boolean };

type Enter = (...args: (string | number | boolean)[]) => void;

/** Compiling again what has run gives a cache that holds the functions which running compiled. */
function producedCache(isolate: ivm.Isolate, source: string, filename: string) {
  const script: Cached = isolate.compileScriptSync(source, { filename, produceCachedData: true });
  const data = script.cachedData;
  script.release();
  return data;
}

class IsolateRoom implements Room {
  private readonly isolate: ivm.Isolate;
  private readonly context: ivm.Context;
  private readonly entry: ivm.Reference<Enter>;
  private heap = 0;

  constructor(isolate: ivm.Isolate, context: ivm.Context, entry: ivm.Reference<Enter>) {
    this.isolate = isolate;
    this.context = context;
    this.entry = entry;
  }

  run(source: string, filename: string, timeout_ms: number, cache?: Uint8Array): boolean {
    try {
      const cachedData = cache && new ivm.ExternalCopy(exactBuffer(cache));
      const script: Cached = this.isolate.compileScriptSync(source, {
        filename,
        ...(cachedData ? { cachedData } : {}),
      });
      const rejected = cachedData !== undefined && script.cachedDataRejected === true;
      // `; 0` in effect: whatever the script evaluates to stays inside.
      script.runSync(this.context, { timeout: timeout_ms, reference: true }).release();
      script.release();
      return !rejected;
    } catch (error) {
      throw stopped(error) ?? new LoadFailed(textsOf(error));
    }
  }

  enter(args: readonly (string | number | boolean)[], timeout_ms: number): void {
    try {
      this.entry.applySync(undefined, args as Parameters<Enter>, { timeout: timeout_ms });
    } catch (error) {
      // The runtime catches all that a plugin throws: what arrives here is the engine's own word, or stack overflow.
      throw stopped(error) ?? new Stopped('error', textsOf(error).message);
    }
  }

  cache(source: string, filename: string): Uint8Array | null {
    if (this.isolate.isDisposed) return null;
    const data = producedCache(this.isolate, source, filename);
    return data ? new Uint8Array(data.copy()) : null;
  }

  cpu_ms(): number {
    // Entries run on this thread. `isolate.cpuTime` is the wall clock on Linux (its build lacks CLOCK_THREAD_CPUTIME_ID).
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  }

  heap_bytes(): number {
    if (!this.isolate.isDisposed) {
      const { used_heap_size, externally_allocated_size } = this.isolate.getHeapStatisticsSync();
      this.heap = used_heap_size + externally_allocated_size;
    }
    return this.heap;
  }

  close(): void {
    if (!this.isolate.isDisposed) this.isolate.dispose();
  }
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** isolated-vm says by message only why it ended an entry. */
function stopped(error: unknown): Stopped | null {
  const message = error instanceof Error ? error.message : '';
  if (message === 'Script execution timed out.') return new Stopped('time', message);
  if (/^Isolate (was|is) (already )?disposed/.test(message) || message.includes('memory limit')) {
    return new Stopped('memory', message);
  }
  return null;
}

/** An error that crossed from an isolate is a copy: reading it runs no code of the guest. */
function textsOf(error: unknown): { name: string; message: string; stack: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error).slice(0, 2000), stack: '' };
  const text = (value: unknown, length: number) => (typeof value === 'string' ? value.slice(0, length) : '');
  return { name: text(error.name, 100), message: text(error.message, 2000), stack: text(error.stack, 8000) };
}
