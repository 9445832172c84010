import { ForgedFrame, ToChild, ToHost } from '../protocol.ts';
import { SandboxError } from '../sandbox-error.ts';
import type {
  CallRequest,
  CallResult,
  Grant,
  Image,
  Inspection,
  Sandbox,
  SandboxMetrics,
  SandboxOptions,
  StreamCall,
} from '../types.ts';
import { emptyUsage, failed, setGrants } from './active-call.ts';
import { Dispatch } from './dispatch.ts';
import type { ImageState } from './image-state.ts';
import { imageState } from './image-state.ts';
import { hasSetpriv } from './launch.ts';
import { endLeftovers, forgetPid, notePid } from './leftovers.ts';
import { measure } from './metrics.ts';
import { MONITOR_MS, watch } from './monitor.ts';
import { Processes } from './processes.ts';
import { readInspection } from './read-inspection.ts';
import { unloadFrom } from './room-keeping.ts';
import type { Launch, SandboxProcess } from './sandbox-process.ts';

const DEFAULT_PROCESSES = 2;
/** How long `close` waits for calls in flight. */
const GRACEFUL_MS = 2_000;
/** `createSandbox` resolves when a process is ready or has failed to start; a machine this slow goes on without. */
const START_MS = 15_000;

/**
 * Starts a sandbox: a pool of processes that run plugins (see README.md). Resolves when the first process is ready, or when
 * starting one has failed: then `status()` is 'down', calls answer `unavailable`, and it goes on trying.
 * Throws TypeError for options that make no sense.
 */
export async function createSandbox<Scope>(
  options: SandboxOptions<Scope>,
  internal: { launch?: Launch } = {},
): Promise<Sandbox<Scope>> {
  const count = options.processes ?? DEFAULT_PROCESSES;
  if (!Number.isInteger(count) || count < 1) throw new TypeError(`processes must be 1 or more, not ${String(count)}`);
  if (options.data && !hasSetpriv()) endLeftovers(options.data);
  const pool = new Pool(options, count, internal.launch);
  await pool.started;
  return pool;
}

class Pool<Scope> implements Sandbox<Scope> {
  readonly started: Promise<void>;
  private readonly options: SandboxOptions<Scope>;
  private readonly processes: Processes<Scope>;
  private readonly dispatch: Dispatch<Scope>;
  private readonly images = new Map<string, ImageState<Scope>>();
  private readonly monitor: NodeJS.Timeout;
  private lastImage = 0;
  private closed: Promise<void> | null = null;
  private closedBarriers: Record<string, boolean> = {};
  /** The process that was asked to try its barriers. */
  private isProbed = false;
  private prober: SandboxProcess<Scope> | null = null;

  constructor(options: SandboxOptions<Scope>, count: number, launch: Launch | undefined) {
    this.options = options;
    let isStarted = () => {};
    this.started = new Promise((resolve) => {
      isStarted = resolve;
      setTimeout(resolve, START_MS).unref();
    });
    this.processes = new Processes<Scope>(
      count,
      {
        onReady: (process) => this.onReady(process),
        onFrame: (process, frame) => {
          if (frame.kind === ToHost.probed) {
            if (process !== this.prober || this.isProbed) throw new ForgedFrame('barriers that nobody asked for');
            this.takeBarriers(String(frame.parts[0] ?? '{}'));
            isStarted();
          } else this.dispatch.onFrame(process, frame);
        },
        onEnd: (process, ended) => {
          if (options.data && !hasSetpriv()) forgetPid(options.data, process.pid);
          if (!ended.wasReady && !ended.killed) {
            options.log?.('error', 'A sandbox process could not be started', { stderr: ended.stderr.slice(-2000) });
          }
          if (this.prober === process && !this.isProbed) this.prober = null;
          this.dispatch.onEnd(process, ended);
        },
        onTrouble: (_process, error) => {
          const stack = error instanceof Error ? error.stack : String(error);
          options.log?.('error', 'The host failed on a message of a sandbox process', { stack });
        },
      },
      () => {
        if (this.processes.isDown()) isStarted();
        this.dispatch.pump();
      },
      launch,
    );
    this.dispatch = new Dispatch(options, this.processes);
    this.processes.fill();
    this.monitor = setInterval(() => this.look(), MONITOR_MS);
    this.monitor.unref();
  }

  private onReady(process: SandboxProcess<Scope>): void {
    if (this.options.data && !hasSetpriv()) notePid(this.options.data, process.pid);
    this.dispatch.onReady(process);
    if (this.prober) return;
    this.prober = process;
    process.send({ kind: ToChild.probe, call: 0 }, []);
  }

  private takeBarriers(json: string): void {
    const told = JSON.parse(json) as Record<string, unknown>;
    this.isProbed = true;
    for (const [name, closed] of Object.entries(told).slice(0, 40)) this.closedBarriers[name] = closed === true;
    this.closedBarriers.pdeathsig = hasSetpriv();
    const open = Object.keys(this.closedBarriers).filter((name) => !this.closedBarriers[name]);
    if (open.length > 0) this.options.log?.('warn', 'Some barriers of the sandbox are open', { open });
  }

  private look(): void {
    const now = performance.now();
    for (const process of this.processes.all) if (process.calls.size > 0 || process.use === 'heir') watch(process, now);
    this.processes.sweep(Date.now());
  }

  load(image: Image): void {
    const before = this.images.get(image.id);
    const state = imageState<Scope>(++this.lastImage, image);
    if (before) {
      // The same installation in a new form keeps its record.
      state.strikes = before.strikes;
      this.unload(image.id);
    }
    this.images.set(image.id, state);
  }

  unload(id: string): void {
    const state = this.images.get(id);
    if (!state) return;
    this.images.delete(id);
    state.isUnloaded = true;
    for (const call of state.queue.splice(0)) {
      const error = { type: 'not_found', message: 'This plugin was unloaded' } as const;
      this.dispatch.finish(call, failed(error, call.usage, call.logs), true);
    }
    for (const process of this.processes.all) {
      const loaded = process.loaded.get(state.number);
      if (loaded && loaded.running === 0) unloadFrom(process, state);
      if (process.owner === state) process.isRetired = true;
    }
  }

  async inspect(image: Omit<Image, 'id'>): Promise<Inspection> {
    const state = imageState<Scope>(++this.lastImage, { ...image, id: 'inspect' });
    const process = this.closed ? null : this.processes.lendSolitary(state);
    if (!process) throw new SandboxError({ type: 'unavailable', message: 'No sandbox process could be started' });
    const request: CallRequest<Scope> = {
      id: 'inspect',
      handler: 'inspect',
      args: '[]',
      context: '{}',
      grants: [],
      // Never used: a plugin that is being inspected has no context to ask with.
      scope: undefined as Scope,
      use: 'job',
    };
    const call = this.dispatch.open(state, request, 'inspect');
    const result = await new Promise<CallResult>((resolve) => this.dispatch.submit(call, resolve));
    process.dismiss();
    if (!result.ok) throw new SandboxError(result.error, result.usage);
    return readInspection(result.output);
  }

  private find(id: string): ImageState<Scope> | null {
    return this.images.get(id) ?? null;
  }

  async call(request: CallRequest<Scope>): Promise<CallResult> {
    const state = this.find(request.id);
    if (this.closed || !state) return refused(request.id, this.closed !== null);
    const call = this.dispatch.open(state, request, 'call');
    return await new Promise((resolve) => this.dispatch.submit(call, resolve));
  }

  stream(request: CallRequest<Scope>): StreamCall {
    const state = this.find(request.id);
    const call = state && this.dispatch.open(state, request, 'stream');
    let isOpen = false;
    let isDone = false;
    const page = (result: CallResult, done: boolean) => {
      isDone = done;
      if (!result.ok) throw new SandboxError(result.error, result.usage);
      return { done, value: result.output, usage: result.usage, logs: result.logs };
    };
    return {
      next: async () => {
        if (this.closed || !call) return page(refused(request.id, this.closed !== null), true);
        if (isDone) return { done: true, value: 'null', usage: emptyUsage(1), logs: [] };
        const { result, done } = await new Promise<{ result: CallResult; done: boolean }>((resolve) => {
          const settle = (settled: CallResult, isLast: boolean) => resolve({ result: settled, done: isLast });
          if (isOpen) this.dispatch.next(call, settle);
          else this.dispatch.submit(call, settle);
          isOpen = true;
        });
        return page(result, done);
      },
      return: async () => {
        isDone = true;
        if (call && isOpen) this.dispatch.giveUp(call, { type: 'cancelled', message: 'The stream was closed' }, 3);
      },
    };
  }

  regrant(id: string, grants: Grant[]): void {
    const state = this.find(id);
    if (!state) return;
    for (const call of [...state.queue, ...state.running]) {
      setGrants(call, grants);
      // What is under way and not allowed any more is answered as denied at once.
      for (const ask of call.pending.values()) if (!ask.isStillAllowed(grants)) ask.abort.abort();
    }
  }

  resume(id: string): void {
    this.find(id)?.strikes.forget();
  }

  metrics(): SandboxMetrics {
    return measure(this.processes, this.images.values(), this.dispatch, this.barriers());
  }

  status(): 'up' | 'starting' | 'down' {
    if (this.closed) return 'down';
    if (this.processes.hasReady()) return 'up';
    return this.processes.isDown() ? 'down' : 'starting';
  }

  barriers(): Record<string, boolean> {
    return { ...this.closedBarriers };
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    const until = performance.now() + GRACEFUL_MS;
    const busy = () => [...this.processes.all].some((process) => process.calls.size > 0);
    while (busy() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const state of this.images.values()) {
      for (const call of [...state.queue.splice(0), ...state.running]) {
        const error = { type: 'unavailable', message: 'The sandbox is closing' } as const;
        this.dispatch.finish(call, failed(error, call.usage, call.logs), true);
      }
    }
    clearInterval(this.monitor);
    await this.processes.close();
  }
}

function refused(id: string, isClosed: boolean): CallResult {
  const error = isClosed
    ? ({ type: 'unavailable', message: 'The sandbox is closed' } as const)
    : ({ type: 'not_found', message: `No plugin is loaded as "${id.slice(0, 100)}"` } as const);
  return failed(error, emptyUsage(1), []);
}
