import type { Outbox } from '../outbox.ts';
import type { Budget } from '../protocol.ts';
import { Enter, Op, ToHost } from '../protocol.ts';
import type { Call, Outcome } from './call.ts';
import { newCall } from './call.ts';
import { Stopped } from './engine.ts';
import { EntryClock } from './entry-clock.ts';
import type { Failure } from './failures.ts';
import { loadFailure, stopFailure } from './failures.ts';
import type { Recorder } from './recorder.ts';
import { Requests } from './requests.ts';
import type { ImageRoom, LoadedImage, Rooms } from './rooms.ts';

/** Entering with less than this left would be ended before the plugin's first line. */
const LEAST_MS = 1;
/** What a call that is over may still spend on its abort listeners. */
const END_MS = 10;
const END_WALL_MS = 250;
const CACHE_DELAY_MS = 50;
/** Measuring a heap costs as much as a short entry; in less time than this a plugin cannot fill much of it. */
const HEAP_EVERY_MS = 1;
/** A refusal, as `guest/asks.js` knows it. */
const CALL_ENDED = -4;

/** Runs calls: every way into a room goes through `enter`, which keeps the time and writes the flight recorder. */
export class Calls {
  private readonly calls = new Map<number, Call>();
  private readonly touched = new Set<Call>();
  private readonly clock = new EntryClock();
  private readonly requests: Requests;
  private lastBudget: { json: string; budget: Budget } = { json: '', budget: {} as Budget };
  private readonly outbox: Outbox;
  private readonly recorder: Recorder;
  private rooms: Rooms | null = null;

  constructor(outbox: Outbox, recorder: Recorder) {
    this.outbox = outbox;
    this.recorder = recorder;
    this.requests = new Requests(
      outbox,
      (call, args) => this.enter(call, args),
      () => this.settleTurn(),
    );
  }

  use(rooms: Rooms): void {
    this.rooms = rooms;
  }

  start(number: number, place: number, imageNumber: number, flag: number, parts: readonly string[]): void {
    const image = this.rooms?.find(imageNumber);
    const [handler = '', args = '[]', context = '{}', budgetJson = '{}'] = parts;
    if (!image) throw new Error(`call ${number} is for image ${imageNumber}, which was not loaded here`);
    const call = newCall(number, image, handler, flag === 1, this.readBudget(budgetJson));
    this.calls.set(number, call);
    this.recorder.first(number, place, image.room === null);
    if (!this.findRoom(call)) return;
    if (flag === 2) this.enter(call, [Enter.inspect, number]);
    else
      this.enter(call, [
        Enter.start,
        number,
        handler,
        args,
        context,
        call.budget.log_lines,
        call.budget.log_bytes,
        flag,
      ]);
  }

  /** Most calls have the same budget as the one before. */
  private readBudget(json: string): Budget {
    if (json !== this.lastBudget.json) this.lastBudget = { json, budget: JSON.parse(json) as Budget };
    return { ...this.lastBudget.budget };
  }

  /** Loads a plugin before its first call. What goes wrong is told to that call, which tries again. */
  loadAhead(number: number): void {
    const image = this.rooms?.find(number);
    if (!image || image.room) return;
    this.recorder.ahead();
    try {
      this.rooms?.enter(image, image.options.load_cpu_ms);
    } catch {
      // Its room was closed; the next call finds none.
    }
    this.clock.forget();
    this.settleTurn();
  }

  /** Loads the plugin when it is not; the time is the load's own, the blame this call's. */
  private findRoom(call: Call): boolean {
    if (call.image.room) {
      call.room = call.image.room;
      call.room.calls.add(call.number);
      return true;
    }
    const began = performance.now();
    const limit = Math.min(call.image.options.load_cpu_ms, call.deadline - began);
    try {
      call.room = this.rooms?.enter(call.image, Math.max(LEAST_MS, Math.ceil(limit))) ?? null;
      call.room?.calls.add(call.number);
      call.deadline += performance.now() - began;
      return call.room !== null;
    } catch (error) {
      this.fail(call, loadFailure(error, limit));
      return false;
    } finally {
      this.clock.forget();
    }
  }

  next(number: number, budgetJson: string): void {
    const call = this.calls.get(number);
    if (!call?.room) return;
    call.budget = this.readBudget(budgetJson);
    call.deadline = performance.now() + call.budget.wall_ms;
    call.cpu_ms = 0;
    call.asked = 0;
    call.isResting = false;
    this.enter(call, [Enter.next, number]);
  }

  /** The host gave up on the call: its listeners hear of it, then it is forgotten. */
  end(number: number): void {
    const call = this.calls.get(number);
    if (!call) return;
    const { room } = call;
    if (room) {
      call.deadline = performance.now() + END_WALL_MS;
      call.budget.cpu_ms = call.cpu_ms + END_MS;
      this.enter(call, [Enter.end, number]);
    }
    if (this.calls.has(number)) this.forget(call);
  }

  reply(number: number, ticket: number, flag: number, head: string, body: Buffer): void {
    const call = this.calls.get(number);
    if (call) this.requests.reply(call, ticket, flag, head, body);
  }

  unload(image: LoadedImage): void {
    for (const call of [...this.calls.values()]) {
      if (call.image === image) this.fail(call, { type: 'killed', message: 'The plugin was unloaded' });
    }
  }

  /** The host function of every room. */
  ask(owner: ImageRoom | null, number: number, op: number, json: string): number {
    const call = this.calls.get(number);
    if (!call || !owner || call.room !== owner || call.outcome?.ended) return CALL_ENDED;
    this.touched.add(call);
    return this.requests.ask(call, op, typeof json === 'string' ? json : String(json));
  }

  /** Timers and pulls run outside of a read from the host: the end of their turn is here. */
  settleTurn(): void {
    // The host is not kept waiting for the recorder.
    this.outbox.flush();
    this.recorder.rest();
  }

  /** The one way into a room. */
  private enter(call: Call, args: (string | number | boolean)[]): void {
    const owner = call.room;
    if (!owner) return;
    const wall = call.deadline - performance.now();
    const cpu = call.budget.cpu_ms - call.cpu_ms;
    if (cpu < LEAST_MS / 2 || wall <= 0) {
      // Nothing is being executed: its neighbours may finish, then the isolate goes.
      owner.isStale = true;
      this.fail(call, stopFailure(call, new Stopped('time', ''), cpu <= wall, call.cpu_ms));
      return;
    }
    this.recorder.enter(call.number);
    this.touched.add(call);
    const byCpu = this.clock.wallFor(cpu) <= wall;
    let stopped: Stopped | null = null;
    this.clock.begin(owner.room);
    try {
      // Rounded down: the engine is never early, and late by what the machine needs to wake a thread.
      owner.room.enter(args, Math.max(LEAST_MS, Math.floor(byCpu ? this.clock.wallFor(cpu) : wall)));
    } catch (error) {
      stopped = error instanceof Stopped ? error : new Stopped('error', 'The engine refused the entry');
    }
    const spent = this.clock.end(owner.room);
    call.cpu_ms += spent;
    owner.sinceHeap_ms += spent;
    if (stopped?.reason === 'error') this.note(call, stopped.message);
    else if (stopped) this.stop(call, owner, stopped, byCpu, call.cpu_ms);
    this.afterEntry(owner);
  }

  /** A rejection that nobody handled, or a stack that overflowed: the room is sound, the author should hear of it. */
  private note(call: Call, message: string): void {
    if (call.trouble === null) {
      const line = JSON.stringify({ level: 'error', message: `Not handled: ${message}` });
      this.outbox.put({ kind: ToHost.ask, call: call.number, flag: Op.log }, [line]);
    }
    call.trouble = message;
  }

  /** Sends what became of calls in this entry, and ends those that nothing will wake again. */
  private afterEntry(owner: ImageRoom): void {
    for (const call of this.touched) {
      if (call.asked > call.budget.host_calls && this.calls.has(call.number)) {
        const message = `The call made more than ${call.budget.host_calls} host calls`;
        this.fail(call, { type: 'too_many_host_calls', message });
      } else if (call.outcome) this.settle(call, call.outcome);
    }
    this.touched.clear();
    if (owner.pending > 0) return;
    for (const number of owner.calls) {
      const call = this.calls.get(number);
      if (!call || call.isResting) continue;
      const why = call.trouble ?? 'it waits for something that nothing will resolve';
      const message = `${call.handler} never settles: ${why}`;
      this.fail(call, { type: 'threw', name: 'NeverSettles', message });
    }
  }

  private settle(call: Call, outcome: Outcome): void {
    call.outcome = null;
    const heap = call.room ? heapOf(call.room) : 0;
    const flag =
      (outcome.failed ? 1 : 0) | (outcome.done ? 4 : 0) | (outcome.isOwn ? 8 : 0) | (outcome.goesOn ? 16 : 0);
    this.outbox.put({ kind: ToHost.done, call: call.number, flag, a: Math.round(call.cpu_ms * 1000), b: heap >>> 10 }, [
      outcome.json,
    ]);
    if (outcome.ended) this.forget(call);
    else call.isResting = true;
    if (call.image.options.want_cache && call.room) this.makeCache(call.image);
  }

  /** Ends a call from this side. `gone`: its isolate was ended with it. */
  private fail(call: Call, failure: Failure, gone = false): void {
    if (!this.calls.has(call.number)) return;
    const heap = call.room ? heapOf(call.room) : 0;
    this.outbox.put(
      {
        kind: ToHost.done,
        call: call.number,
        flag: 1 | 8 | (gone ? 2 : 0),
        a: Math.round(call.cpu_ms * 1000),
        b: heap >>> 10,
      },
      [JSON.stringify(failure)],
    );
    this.forget(call);
  }

  /** The engine ended an entry: the isolate goes, and with it every call that was in it. */
  private stop(call: Call, owner: ImageRoom, why: Stopped, byCpu: boolean, cpu_ms: number): void {
    this.fail(call, stopFailure(call, why, byCpu, cpu_ms), true);
    for (const number of [...owner.calls]) {
      const other = this.calls.get(number);
      if (other) this.fail(other, { type: 'lost', message: 'Another call of this plugin ended its isolate' }, true);
    }
    this.rooms?.close(owner);
    this.rooms?.prepareSpare();
  }

  private forget(call: Call): void {
    this.calls.delete(call.number);
    this.requests.forget(call);
    if (call.room) {
      call.room.calls.delete(call.number);
      if (call.room.isStale && call.room.calls.size === 0) this.rooms?.close(call.room);
    }
    call.outcome = null;
    this.touched.delete(call);
  }

  private makeCache(image: LoadedImage): void {
    image.options.want_cache = false;
    setTimeout(() => {
      const bytes = image.room?.room.cache(image.script, image.label);
      this.clock.forget();
      if (bytes) this.outbox.put({ kind: ToHost.cache, call: image.number }, [bytes]);
      this.outbox.flush();
    }, CACHE_DELAY_MS);
  }
}

/** Bytes in use, as of the last millisecond that was computed there. */
function heapOf(owner: ImageRoom): number {
  if (owner.heap_bytes === 0 || owner.sinceHeap_ms >= HEAP_EVERY_MS) {
    owner.heap_bytes = owner.room.heap_bytes();
    owner.sinceHeap_ms = 0;
  }
  return owner.heap_bytes;
}
