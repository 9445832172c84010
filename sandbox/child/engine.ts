/**
 * What the sandbox needs of a JavaScript engine, and nothing else. `isolated-vm.ts` is the one in use; any other that
 * passes `test/sandbox/engine.test.ts` may replace it.
 */
export interface Engine {
  /** Makes an empty room with the guest runtime in it. Throws when the engine cannot. */
  open(options: RoomOptions): Room;
}

export interface RoomOptions {
  heap_mb: number;
  /** The guest's only way out. Must not throw. Returns a ticket, or a refusal below 1. */
  host(call: number, op: number, json: string): number;
  /** 64 hex digits. */
  seed: string;
  /** The engine lost control of the room: the process must end at once. */
  onCatastrophe(message: string): void;
}

/** One isolated world: its own heap, its own globals, no way to another room. */
export interface Room {
  /**
   * Compiles and runs a classic script within `timeout_ms`. Returns false when `cache` was given and not taken.
   * Throws `Stopped`, or what `describeThrown` makes of the script's own error.
   */
  run(script: string, label: string, timeout_ms: number, cache?: Uint8Array): boolean;
  /** Calls the runtime's entry with plain values, all of it (microtasks too) within `timeout_ms`. Throws `Stopped`. */
  enter(args: readonly (string | number | boolean)[], timeout_ms: number): void;
  /** The code cache of a script that has run, functions compiled since included; null when the engine has none. */
  cache(script: string, label: string): Uint8Array | null;
  /** A clock that runs while this room's thread computes, milliseconds: what an entry cost is the difference. */
  cpu_ms(): number;
  /** Heap and buffers in use, bytes. */
  heap_bytes(): number;
  close(): void;
}

export type StopReason = 'time' | 'memory' | 'error';

/** The engine ended an entry. The room is in no known state and must be closed. */
export class Stopped extends Error {
  override name = 'Stopped';
  readonly reason: StopReason;
  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The plugin's script threw while it was loaded. `message` and `stack` are text of a stranger, cut. */
export class LoadFailed extends Error {
  override name = 'LoadFailed';
  readonly thrown: { name: string; message: string; stack: string };
  constructor(thrown: { name: string; message: string; stack: string }) {
    super(thrown.message);
    this.thrown = thrown;
  }
}
