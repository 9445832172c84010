import type { ImageState } from './image-state.ts';
import { isSolitary } from './image-state.ts';
import type { Ended, Launch, ProcessEvents, Use } from './sandbox-process.ts';
import { SandboxProcess } from './sandbox-process.ts';

/** Calls sent to a process and not heard of yet: more wait with the host, where they can still go elsewhere. */
const MAX_UNHEARD = 32;
/** A process with the plugin loaded is preferred until it is this much busier than the idlest. */
const AFFINITY = 8;
/** Processes for plugins that run alone. At the cap an idle one makes place, else calls wait. */
const MAX_SOLITARY = 24;
const SOLITARY_IDLE_MS = 30_000;
const DOWN_AFTER = 3;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** The sandbox processes: how many there are, which one runs what, and what replaces one that ended. */
export class Processes<Scope> {
  readonly all = new Set<SandboxProcess<Scope>>();
  readonly kills: Record<string, number> = {};
  private readonly shared: number;
  private readonly events: ProcessEvents<Scope>;
  private readonly onChange: () => void;
  private readonly launch: Launch | undefined;
  private isClosed = false;
  private needsJobs = false;
  private needsHeir = false;
  private failures = 0;
  private retry: NodeJS.Timeout | null = null;

  /** `onChange`: a process became free for calls. */
  constructor(shared: number, events: ProcessEvents<Scope>, onChange: () => void, launch?: Launch) {
    this.launch = launch;
    this.shared = shared;
    this.events = events;
    this.onChange = onChange;
  }

  /** Brings the number of processes to what is wanted. */
  fill(): void {
    if (this.isClosed || this.retry) return;
    for (let i = this.count('calls'); i < this.shared; i++) this.startOrPromote('calls');
    if (this.needsJobs && this.count('jobs') === 0) this.startOrPromote('jobs');
    if (this.count('standby') === 0) this.start('standby');
    if (this.needsHeir && this.count('heir') === 0) this.start('heir');
  }

  count(use: Use): number {
    let n = 0;
    for (const process of this.all) if (process.use === use && !process.isRetired) n++;
    return n;
  }

  hasReady(): boolean {
    for (const process of this.all) if (process.isReady && !process.killed) return true;
    return false;
  }

  /** True when starting failed again and again and nothing runs: callers are told instead of queued. */
  isDown(): boolean {
    return this.failures >= DOWN_AFTER && !this.hasReady();
  }

  private start(use: Use, jitless = false): SandboxProcess<Scope> | null {
    try {
      const process = new SandboxProcess<Scope>(use, this.eventsOfProcess(), {
        jitless,
        ...(this.launch ? { start: this.launch } : {}),
      });
      this.all.add(process);
      return process;
    } catch {
      // No descriptor or no disk for the recorder: tried again, and `isDown` says so meanwhile.
      this.noteFailure();
      return null;
    }
  }

  private eventsOfProcess(): ProcessEvents<Scope> {
    return {
      onReady: (process) => {
        this.failures = 0;
        process.idleSince = Date.now();
        this.events.onReady(process);
        this.onChange();
      },
      onFrame: (process, frame) => this.events.onFrame(process, frame),
      onEnd: (process, ended) => this.onEnd(process, ended),
      onTrouble: (process, error) => this.events.onTrouble(process, error),
    };
  }

  private onEnd(process: SandboxProcess<Scope>, ended: Ended): void {
    this.all.delete(process);
    const reason =
      ended.killed?.reason.split(':')[0] ?? (ended.signal ? `signal ${ended.signal}` : `exit ${ended.code}`);
    this.kills[reason] = (this.kills[reason] ?? 0) + 1;
    if (!ended.wasReady && !ended.killed) this.noteFailure();
    this.events.onEnd(process, ended);
    this.fill();
    this.onChange();
  }

  private noteFailure(): void {
    this.failures++;
    if (this.retry || this.isClosed) return;
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.failures - 1));
    this.retry = setTimeout(() => {
      this.retry = null;
      this.fill();
    }, wait);
    this.onChange();
  }

  /** From now on a process is kept that holds what the shared ones hold. */
  wantHeir(): void {
    if (this.needsHeir) return;
    this.needsHeir = true;
    this.fill();
  }

  /** A process of this use that can be talked to. */
  ready(use: Use): SandboxProcess<Scope> | null {
    for (const process of this.all) {
      if (process.use === use && process.isReady && !process.killed && !process.isRetired) return process;
    }
    return null;
  }

  /** Who takes over; a heir holds plugins, so it serves in the place of a shared process only. */
  private successor(use: Use): SandboxProcess<Scope> | null {
    return (use === 'calls' ? this.ready('heir') : null) ?? this.ready('standby');
  }

  private startOrPromote(use: Use): void {
    const next = this.successor(use);
    if (next) next.use = use;
    else this.start(use);
  }

  /** A process that can take a call of this image now; starts one, for later, when there is none. */
  pick(state: ImageState<Scope>, use: 'call' | 'job'): SandboxProcess<Scope> | null {
    if (isSolitary(state)) return this.pickSolitary(state);
    if (use === 'job' && !this.needsJobs) {
      this.needsJobs = true;
      this.fill();
    }
    const wanted: Use = use === 'job' ? 'jobs' : 'calls';
    let home: SandboxProcess<Scope> | null = null;
    let idlest: SandboxProcess<Scope> | null = null;
    for (const process of this.all) {
      if (process.use !== wanted || !isFree(process)) continue;
      if (!idlest || process.calls.size < idlest.calls.size) idlest = process;
      if (process.loaded.has(state.number) && (!home || process.calls.size < home.calls.size)) home = process;
    }
    if (!idlest) return this.exchange(wanted);
    return home && home.calls.size - idlest.calls.size <= AFFINITY ? home : idlest;
  }

  /** The standby takes the place of a process that is still starting, which becomes the standby. */
  private exchange(wanted: Use): SandboxProcess<Scope> | null {
    const next = this.successor(wanted);
    if (!next) return null;
    for (const process of this.all) {
      if (process.use !== wanted || process.isReady || process.killed) continue;
      process.use = next.use;
      next.use = wanted;
      return next;
    }
    return null;
  }

  private pickSolitary(state: ImageState<Scope>): SandboxProcess<Scope> | null {
    const jitless = state.image.jitless === true;
    for (const process of this.all) {
      if (process.owner === state && !process.isRetired && process.isJitless === jitless) {
        return isFree(process) ? process : null;
      }
    }
    if (this.count('solitary') >= MAX_SOLITARY && !this.dismissIdlest()) return null;
    const own = jitless ? null : this.ready('standby');
    if (own) {
      own.use = 'solitary';
      own.owner = state;
      this.fill();
      return own;
    }
    const fresh = this.start('solitary', jitless);
    if (fresh) fresh.owner = state;
    return null;
  }

  private dismissIdlest(): boolean {
    let idlest: SandboxProcess<Scope> | null = null;
    for (const process of this.all) {
      if (process.use !== 'solitary' || process.calls.size > 0 || !process.isReady) continue;
      if (!idlest || process.idleSince < idlest.idleSince) idlest = process;
    }
    idlest?.dismiss();
    return idlest !== null;
  }

  /** A process for one use, taken out of the pool; the caller dismisses it. Null when none could be started. */
  lendSolitary(owner: ImageState<Scope>): SandboxProcess<Scope> | null {
    const process = this.ready('standby') ?? this.start('solitary');
    if (!process) return null;
    process.use = 'solitary';
    process.owner = owner;
    this.fill();
    return process;
  }

  /** Ends solitary processes that nobody used for a while, and retired ones that are empty. */
  sweep(now: number): void {
    for (const process of this.all) {
      if (process.calls.size > 0 || !process.isReady) continue;
      const isIdle = process.use === 'solitary' && now - process.idleSince > SOLITARY_IDLE_MS;
      if (isIdle || process.isRetired) process.dismiss();
    }
  }

  /** Ends every process and waits until they are gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    for (const process of this.all) process.dismiss();
    while (this.all.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function isFree<Scope>(process: SandboxProcess<Scope>): boolean {
  if (!process.isReady || process.isRetired || process.killed || !process.hasRoom()) return false;
  if (process.calls.size < MAX_UNHEARD) return true;
  let unheard = 0;
  for (const call of process.calls.values()) if (!call.wasHeard) unheard++;
  return unheard < MAX_UNHEARD;
}
