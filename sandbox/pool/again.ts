import type { CallError, CallResult, SandboxOptions } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { emptyUsage, failed } from './active-call.ts';
import { endError } from './end-error.ts';
import type { ImageState } from './image-state.ts';
import type { Processes } from './processes.ts';
import { unloadFrom } from './room-keeping.ts';
import type { Ended, SandboxProcess } from './sandbox-process.ts';
import type { WaitingLine } from './waiting-line.ts';

/** A crash by one of these is V8 giving up: out of memory, unless it says otherwise. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];
/** Processes that may end under a call before it was entered: a process that lies could say "not entered" for ever. */
const MAX_RESENDS = 3;

/** What second chances need of the dispatch. */
interface Hub<Scope> {
  finish(call: ActiveCall<Scope>, result: CallResult, isLast: boolean): void;
  /** Gives back what a call holds in its process. */
  release(call: ActiveCall<Scope>): void;
}

/** Who is to blame when a process or an isolate ended, and which of its calls are sent again. */
export class Again<Scope> {
  resent = 0;
  private readonly options: SandboxOptions<Scope>;
  private readonly processes: Processes<Scope>;
  private readonly line: WaitingLine<Scope>;
  private readonly hub: Hub<Scope>;

  constructor(options: SandboxOptions<Scope>, processes: Processes<Scope>, line: WaitingLine<Scope>, hub: Hub<Scope>) {
    this.options = options;
    this.processes = processes;
    this.line = line;
    this.hub = hub;
  }

  /** A process has ended: the guilty call is told why, the others are run again where that is safe. */
  onEnd(process: SandboxProcess<Scope>, ended: Ended): void {
    const { flight, killed } = ended;
    const crashed = !killed && (CRASHES.includes(ended.signal) || (ended.code !== null && ended.code !== 0));
    const guilty = killed ? killed.guilty : crashed ? flight.current : 0;
    const error = endError(ended, crashed);
    // A process that lies may name anyone: all that were in it are suspects, and soon each is alone.
    const isForged = killed?.reason.startsWith('forged') === true;
    const suspects = new Map([...process.calls.values()].map((call) => [call.state, call]));
    if (isForged) for (const [state, call] of suspects) this.strike(state, error, call.request.handler);
    for (const call of [...process.calls.values()]) {
      if (call.number === guilty && !isForged) {
        this.strike(call.state, error, call.request.handler);
        this.hub.finish(call, failed(error, call.usage, call.logs), true);
        continue;
      }
      const wasEntered = call.wasHeard || call.place <= flight.lastPlace;
      this.sendOrFail(call, wasEntered, { type: 'killed', message: 'The sandbox process of this call ended' });
    }
    if (!killed && ended.wasReady) {
      const fields = { code: ended.code, signal: ended.signal, stderr: ended.stderr.slice(-2000) };
      this.options.log?.('warn', 'A sandbox process ended by itself', fields);
    }
  }

  /** Sends a call again when that can do no harm: it was not entered, or says that it may run twice. */
  sendOrFail(call: ActiveCall<Scope>, wasEntered: boolean, error: CallError): void {
    const mayRepeat = wasEntered ? call.request.idempotent === true && call.attempt === 1 : call.resends < MAX_RESENDS;
    if (call.kind !== 'call' || !mayRepeat) {
      this.hub.finish(call, failed(error, call.usage, call.logs), true);
      return;
    }
    if (wasEntered) call.attempt = 2;
    this.send(call);
  }

  /** Back to the head of its queue. */
  send(call: ActiveCall<Scope>): void {
    if (call.attempt === 1 && call.wasHeard) call.attempt = 2;
    this.resent++;
    call.resends++;
    this.hub.release(call);
    call.usage = emptyUsage(call.attempt);
    call.logs = [];
    call.logBytes = 0;
    call.received = 0;
    call.asked = 0;
    call.placed = 0;
    call.lastTicket = 0;
    call.hasJournal = false;
    this.line.addFirst(call);
  }

  /** A mark against a plugin; at the third it gets a process of its own, at the fifth an end. */
  strike(state: ImageState<Scope>, error: CallError, handler: string): void {
    const strike = state.strikes.add(error.type, error.message, handler, Date.now());
    if (strike.action !== 'noted') {
      for (const process of this.processes.all) if (process.owner !== state) unloadFrom(process, state);
    }
    this.options.onStrike?.(state.image.id, strike);
  }
}
