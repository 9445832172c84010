import { closeSync, writeFileSync } from 'node:fs';
import { Outbox } from '../outbox.ts';
import type { Frame, FrameFields, Part } from '../protocol.ts';
import { ForgedFrame, FrameReader, ToHost } from '../protocol.ts';
import type { ActiveCall } from './active-call.ts';
import type { Flight } from './flight-recorder.ts';
import { readFlight } from './flight-recorder.ts';
import type { ImageState } from './image-state.ts';
import type { Launched } from './launch.ts';
import { launch } from './launch.ts';

/** `heir`: a standby for calls that holds their plugins; `standby`: one that holds nothing, for any use. */
export type Use = 'calls' | 'jobs' | 'solitary' | 'standby' | 'heir';

/** Why the host ended a process, and which call it holds responsible. */
export interface Killed {
  reason: string;
  guilty: number;
}

export interface Ended {
  flight: Flight;
  /** Null when the process ended by itself or by someone else's hand. */
  killed: Killed | null;
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
  wasReady: boolean;
}

export interface ProcessEvents<Scope> {
  onReady(process: SandboxProcess<Scope>): void;
  /** May throw `ForgedFrame`: the process is ended then. */
  onFrame(process: SandboxProcess<Scope>, frame: Frame): void;
  onEnd(process: SandboxProcess<Scope>, ended: Ended): void;
  /** The host itself failed on a message; the process is ended after this. */
  onTrouble(process: SandboxProcess<Scope>, error: unknown): void;
}

/** An image that a process holds. */
export interface Loaded<Scope> {
  state: ImageState<Scope>;
  /** Its room exists: a call came back from it. */
  isWarm: boolean;
  /** Its code cache went with it. */
  isCached: boolean;
  heap_kb: number;
  usedAt: number;
  running: number;
}

/** How a process is started; a test hands in one that starts a process of an attacker. */
export type Launch = (options: { jitless?: boolean }) => Launched;

/** Calls that a process may hold at once. */
const MOST_CALLS = 256;
const STDERR_BYTES = 8 * 1024;

/** The host's hold on one sandbox process. */
export class SandboxProcess<Scope> {
  use: Use;
  /** The only image it may run, for a solitary one. */
  owner: ImageState<Scope> | null = null;
  readonly isJitless: boolean;
  isReady = false;
  isEnded = false;
  killed: Killed | null = null;
  /** Takes no new calls, ends when it is empty. */
  isRetired = false;
  idleSince = 0;
  rss_bytes = 0;
  readonly calls = new Map<number, ActiveCall<Scope>>();
  readonly loaded = new Map<number, Loaded<Scope>>();
  /** What the monitor saw last: an entry, and the CPU the process had used when it was first seen. */
  seen = { entry: -1, cpu_ms: 0, at: 0, rss_bytes: 0 };

  private readonly launched: Launched;
  private readonly events: ProcessEvents<Scope>;
  private readonly outbox: Outbox;
  private lastPlace = 0;
  private stderr = '';
  private closeRecorder: (() => void) | null;

  constructor(use: Use, events: ProcessEvents<Scope>, options: { jitless?: boolean; start?: Launch } = {}) {
    this.use = use;
    this.events = events;
    this.isJitless = options.jitless === true;
    this.launched = (options.start ?? launch)({ jitless: this.isJitless });
    this.outbox = new Outbox(this.launched.channel);
    this.closeRecorder = () => closeSync(this.launched.recorder);
    this.listen();
  }

  get pid(): number {
    return this.launched.process.pid ?? 0;
  }

  private listen(): void {
    const { process, channel } = this.launched;
    const reader = new FrameReader((frame) => this.take(frame));
    channel.on('data', (chunk: Buffer) => {
      if (this.killed) return;
      try {
        reader.push(chunk);
      } catch (error) {
        // Forged, or not understood: either way nothing more is taken from this process, and the host goes on.
        const isForged = error instanceof ForgedFrame || error instanceof SyntaxError;
        if (!isForged) this.events.onTrouble(this, error);
        const message = error instanceof Error ? error.message : 'unknown';
        this.kill({ reason: `${isForged ? 'forged' : 'failed'}: ${message}`, guilty: 0 });
      }
    });
    // Both ends of a killed process' channel break; the exit event tells the story.
    channel.on('error', () => {});
    process.stderr?.on('data', (chunk: Buffer) => {
      if (this.stderr.length < STDERR_BYTES) this.stderr += chunk.toString('latin1');
    });
    process.stderr?.on('error', () => {});
    process.on('error', (error) => this.end(null, null, error.message));
    process.on('exit', (code, signal) => this.end(code, signal, ''));
    if (this.pid) deprioritise(this.pid);
  }

  private take(frame: Frame): void {
    if (this.killed) return;
    if (!this.isReady) {
      if (frame.kind !== ToHost.ready) throw new ForgedFrame(`a message of kind ${frame.kind} before the first`);
      this.isReady = true;
      this.events.onReady(this);
      return;
    }
    this.events.onFrame(this, frame);
  }

  private end(code: number | null, signal: NodeJS.Signals | null, problem: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    const flight = readFlight(this.launched.recorder);
    this.closeRecorder?.();
    this.closeRecorder = null;
    this.launched.channel.destroy();
    const stderr = this.stderr + problem;
    this.events.onEnd(this, { flight, killed: this.killed, code, signal, stderr, wasReady: this.isReady });
  }

  /** Frames of one turn leave in one write. */
  send(fields: FrameFields, parts: readonly Part[]): void {
    if (this.isEnded || this.killed) return;
    if (this.outbox.isEmpty) process.nextTick(() => this.flush());
    this.outbox.put(fields, parts);
  }

  private flush(): void {
    if (!this.isEnded && !this.launched.channel.destroyed) this.outbox.flush();
  }

  hasRoom(): boolean {
    return this.calls.size < MOST_CALLS;
  }

  /** The place of a call in the order in which calls are sent to this process. */
  nextPlace(): number {
    this.lastPlace++;
    return this.lastPlace;
  }

  /** What it is executing now. */
  flight(): Flight {
    return this.isEnded ? { current: 0, entry: 0, lastPlace: 0 } : readFlight(this.launched.recorder);
  }

  /** Ends the process at once. The first reason stands. */
  kill(killed: Killed): void {
    if (this.isEnded) return;
    this.killed ??= killed;
    this.launched.process.kill('SIGKILL');
  }

  /** Ends an empty process without a story. */
  dismiss(): void {
    this.isRetired = true;
    this.kill({ reason: 'dismissed', guilty: 0 });
  }
}

/** When memory runs out, the kernel shall take a sandbox process before the host. */
function deprioritise(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '900');
  } catch {
    // No Linux, or no right to: the monitor's memory budget remains.
  }
}
