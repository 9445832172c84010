import type { Frame } from '../protocol.ts';
import { ForgedFrame, ToChild, ToHost } from '../protocol.ts';
import type { CallResult, SandboxOptions } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { failed } from './active-call.ts';
import type { Again } from './again.ts';
import { answerAsk } from './answer-ask.ts';
import type { Heir } from './heir.ts';
import { readError, readPage, refuseOutput } from './read-outcome.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { isBlamed } from './strikes.ts';

/** What the outcomes need of the dispatch. */
interface Hub<Scope> {
  /** The highest number that a call was given. */
  lastNumber: number;
  finish(call: ActiveCall<Scope>, result: CallResult, isLast: boolean): void;
}

/** What sandbox processes say about their calls: requests, results, failures, code caches. */
export class Outcomes<Scope> {
  private readonly options: SandboxOptions<Scope>;
  private readonly hub: Hub<Scope>;
  private readonly again: Again<Scope>;
  private readonly heir: Heir<Scope>;

  constructor(options: SandboxOptions<Scope>, hub: Hub<Scope>, again: Again<Scope>, heir: Heir<Scope>) {
    this.options = options;
    this.hub = hub;
    this.again = again;
    this.heir = heir;
  }

  /** Everything a process says about calls. Throws `ForgedFrame` for what it may not say. */
  onFrame(process: SandboxProcess<Scope>, frame: Frame): void {
    if (frame.kind === ToHost.cache) {
      this.keepCache(process, frame);
      return;
    }
    const call = process.calls.get(frame.call);
    // A call that the host gave up on may still have words on their way.
    if (!call) {
      if (frame.call === 0 || frame.call > this.hub.lastNumber)
        throw new ForgedFrame(`a message of call ${frame.call}`);
      return;
    }
    call.wasHeard = true;
    if (frame.kind === ToHost.ask) answerAsk(call, frame, this.options);
    else if (frame.kind === ToHost.done) this.onDone(process, call, frame);
    else throw new ForgedFrame(`a message of kind ${frame.kind}`);
  }

  private keepCache(process: SandboxProcess<Scope>, frame: Frame): void {
    const loaded = process.loaded.get(frame.call);
    const bytes = frame.parts[0];
    if (!loaded || !bytes) return;
    if (loaded.state.cache || !loaded.state.cacheAsked) throw new ForgedFrame('a code cache that nobody asked for');
    loaded.state.cache = Uint8Array.from(bytes);
  }

  private onDone(process: SandboxProcess<Scope>, call: ActiveCall<Scope>, frame: Frame): void {
    const bytes = frame.parts[0];
    if (!bytes || frame.parts.length !== 1 || !call.settle) throw new ForgedFrame('an end that nobody waits for');
    const isFailed = (frame.flag & 1) !== 0;
    const isGone = (frame.flag & 2) !== 0;
    call.usage.cpu_ms = frame.a / 1000;
    call.usage.heap_bytes = frame.b * 1024;
    const loaded = process.loaded.get(call.state.number);
    if (loaded) {
      if (!isFailed && !loaded.isWarm && process.use === 'calls') this.heir.note(call.state);
      loaded.isWarm = !isGone;
      loaded.heap_kb = isGone ? 0 : frame.b;
    }
    if (isFailed) this.onFailure(process, call, bytes.toString('utf8'), (frame.flag & 8) !== 0);
    else this.onOutput(call, bytes, (frame.flag & 4) !== 0, (frame.flag & 16) !== 0);
  }

  private onOutput(call: ActiveCall<Scope>, bytes: Buffer, isLast: boolean, goesOn: boolean): void {
    call.usage.bytes_out += bytes.length;
    const refused = refuseOutput(bytes, call.limits);
    if (refused) {
      if (!isLast) call.process?.send({ kind: ToChild.end, call: call.number, flag: 3 }, []);
      this.hub.finish(call, failed(refused, call.usage, call.logs), true);
      return;
    }
    const text = bytes.toString('utf8');
    if (call.kind !== 'stream') {
      const again = goesOn && { again: true as const };
      this.hub.finish(call, { ok: true, output: text, ...again, usage: call.usage, logs: call.logs }, true);
      return;
    }
    const page = readPage(text);
    if (page.done !== isLast) throw new ForgedFrame('a page that contradicts itself');
    this.hub.finish(call, { ok: true, output: page.value, usage: call.usage, logs: call.logs }, isLast);
  }

  private onFailure(process: SandboxProcess<Scope>, call: ActiveCall<Scope>, json: string, isOwn: boolean): void {
    const error = readError(json, isOwn, call.state.image, call.usage);
    if (error.type === 'lost') {
      this.again.sendOrFail(call, true, { type: 'killed', message: 'Another call of this plugin ended its isolate' });
      return;
    }
    if (!isOwn && call.kind === 'stream') process.send({ kind: ToChild.end, call: call.number, flag: 3 }, []);
    // Starved before it did anything: nothing is lost by another try.
    const didNothing = call.asked === 0 && call.logs.length === 0;
    if (error.type === 'starved' && call.attempt === 1 && call.kind === 'call' && didNothing) {
      this.again.send(call);
      return;
    }
    if (isOwn && isBlamed(error.type)) this.again.strike(call.state, error, call.request.handler);
    this.hub.finish(call, failed(error, call.usage, call.logs), true);
  }
}
