import type { Budget } from '../protocol.ts';
import { Enter, FIRST_HOST_OP, Op, ToHost } from '../protocol.ts';
import { Bodies } from './bodies.ts';
import { Stopped } from './engine.ts';
import type { Failure } from './failures.ts';
import { loadFailure, stopFailure } from './failures.ts';
import type { Outbox } from './outbox.ts';
import type { Recorder } from './recorder.ts';
import type { ImageRoom, LoadedImage, Rooms } from './rooms.ts';

/** Entering with less than this left would be ended before the plugin's first line. */
const LEAST_MS = 1;
/** What a call that is over may still spend on its abort listeners. */
const END_MS = 10;
const END_WALL_MS = 250;
/** The kernel counts a thread's CPU time in ticks: below this the clock on the wall is the better measure. */
const PACE_FROM_MS = 4;
const LEAST_PACE = 0.2;
const CACHE_DELAY_MS = 50;
/** Escapes and the fields around a body, beside the payload itself. */
const ASK_OVERHEAD = 64 * 1024;

/** How an answer reaches the guest: with its body, as a refusal, or with a body to be pulled. */
const WHOLE = 0;
const REFUSED = 1;
const TO_PULL = 2;

/** A call as this process knows it. */
interface Call {
  number: number;
  slot: number;
  image: LoadedImage;
  handler: string;
  isStream: boolean;
  budget: Budget;
  /** `performance.now()` after which nothing is entered any more. */
  deadline: number;
  cpu_ms: number;
  asked: number;
  atOnce: number;
  waiting: { ticket: number; op: number; json: string }[];
  timers: Map<number, NodeJS.Timeout>;
  tickets: Set<number>;
  /** Answers whose body is still to be pulled. */
  bodies: number[];
  room: ImageRoom | null;
  /** A stream between two pages. */
  isResting: boolean;
  outcome: Outcome | null;
  /** The last error that nobody handled. */
  trouble: string | null;
}

interface Outcome {
  json: string;
  failed: boolean;
  ended: boolean;
  done: boolean;
  /** This process's own word, not the plugin's. */
  isOwn?: boolean;
}

/** Runs calls: every way into a room goes through `enter`, which keeps the time and writes the flight recorder. */
export class Calls {
  private readonly calls = new Map<number, Call>();
  private readonly touched = new Set<Call>();
  private readonly bodies = new Bodies();
  private lastBudget: { json: string; budget: Budget } = { json: '', budget: {} as Budget };
  private ticket = 0;
  /** CPU time per wall time of late entries, at most 1. */
  private pace = 1;
  private readonly outbox: Outbox;
  private readonly recorder: Recorder;
  private rooms: Rooms | null = null;

  constructor(outbox: Outbox, recorder: Recorder) {
    this.outbox = outbox;
    this.recorder = recorder;
  }

  use(rooms: Rooms): void {
    this.rooms = rooms;
  }

  start(number: number, slot: number, imageNumber: number, flag: number, parts: readonly string[]): void {
    const image = this.rooms?.find(imageNumber);
    const [handler = '', args = '[]', context = '{}', budgetJson = '{}'] = parts;
    if (!image) throw new Error(`call ${number} is for image ${imageNumber}, which was not loaded here`);
    const budget = this.readBudget(budgetJson);
    const call: Call = {
      number,
      slot,
      image,
      handler,
      isStream: flag === 1,
      budget,
      deadline: performance.now() + budget.wall_ms,
      cpu_ms: 0,
      asked: 0,
      atOnce: 0,
      waiting: [],
      timers: new Map(),
      tickets: new Set(),
      bodies: [],
      room: null,
      isResting: false,
      outcome: null,
      trouble: null,
    };
    this.calls.set(number, call);
    this.recorder.first(number, slot, image.room === null);
    if (!this.findRoom(call)) return;
    if (flag === 2) this.enter(call, [Enter.inspect, number]);
    else this.enter(call, [Enter.start, number, handler, args, context, budget.log_lines, budget.log_bytes, flag]);
  }

  /** Most calls have the same budget as the one before. */
  private readBudget(json: string): Budget {
    if (json !== this.lastBudget.json) this.lastBudget = { json, budget: JSON.parse(json) as Budget };
    return { ...this.lastBudget.budget };
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
    if (!call?.tickets.delete(ticket) || !call.room) return;
    call.room.pending--;
    call.atOnce--;
    this.sendWaiting(call);
    const failed = (flag & 1) !== 0;
    const isBytes = (flag & 2) !== 0;
    const inline = Bodies.isInline(body, isBytes);
    if (!failed && !inline) {
      this.bodies.hold(ticket, body, isBytes);
      call.bodies.push(ticket);
    }
    const state = failed ? REFUSED : inline ? WHOLE : TO_PULL;
    this.enter(call, [Enter.reply, number, ticket, state, head, inline ? body.toString('utf8') : '']);
  }

  unload(image: LoadedImage): void {
    for (const call of [...this.calls.values()]) {
      if (call.image === image) this.fail(call, { type: 'killed', message: 'The plugin was unloaded' });
    }
  }

  /** The host function of every room. Keeps only what it may; whatever else it is told costs no memory. */
  ask(owner: ImageRoom | null, number: number, op: number, json: string): number {
    const call = this.calls.get(number);
    if (!call || !owner || call.room !== owner || call.outcome?.ended) return -4;
    this.touched.add(call);
    if (typeof json !== 'string') json = String(json);
    if (op < FIRST_HOST_OP) return this.askHere(call, op, json);
    if (json.length > call.budget.payload_bytes * 1.5 + ASK_OVERHEAD) return -3;
    if (op === Op.log || op === Op.journal) {
      this.outbox.put({ kind: ToHost.ask, call: number, flag: op }, [json]);
      return 1;
    }
    call.asked++;
    if (call.asked > call.budget.host_calls) return -1;
    const ticket = this.newTicket(call);
    if (call.atOnce < call.budget.at_once) this.send(call, ticket, op, json);
    else call.waiting.push({ ticket, op, json });
    return ticket;
  }

  private askHere(call: Call, op: number, json: string): number {
    if (op === Op.timer) {
      if (call.timers.size >= call.budget.timers) return -2;
      const ticket = this.newTicket(call);
      call.timers.set(
        ticket,
        setTimeout(() => this.fire(call, ticket), Number(json)),
      );
      return ticket;
    }
    if (op === Op.clear) {
      const timer = call.timers.get(Number(json));
      if (timer && call.tickets.delete(Number(json)) && call.room) call.room.pending--;
      clearTimeout(timer);
      call.timers.delete(Number(json));
      return 1;
    }
    if (op === Op.pull) {
      const ticket = this.newTicket(call);
      setImmediate(() => this.pull(call, ticket, Number(json)));
      return ticket;
    }
    const isPage = op === Op.page;
    if (json.length > call.budget.payload_bytes) {
      const message = `The answer is over ${call.budget.payload_bytes} bytes`;
      const told = JSON.stringify({ type: 'too_large', message });
      call.outcome = { json: told, failed: true, ended: true, done: true, isOwn: true };
    } else if (isPage) {
      const done = json.startsWith('{"done":true');
      call.outcome = { json, failed: false, ended: done, done };
    } else call.outcome = { json, failed: op === Op.failure, ended: true, done: true };
    return 1;
  }

  private newTicket(call: Call): number {
    // Far from its end in the life of a process; the host refuses a ticket that does not grow.
    this.ticket++;
    call.tickets.add(this.ticket);
    if (call.room) call.room.pending++;
    return this.ticket;
  }

  private send(call: Call, ticket: number, op: number, json: string): void {
    call.atOnce++;
    this.outbox.put({ kind: ToHost.ask, call: call.number, ticket, flag: op }, [json]);
  }

  private sendWaiting(call: Call): void {
    while (call.atOnce < call.budget.at_once) {
      const next = call.waiting.shift();
      if (!next) return;
      this.send(call, next.ticket, next.op, next.json);
    }
  }

  private fire(call: Call, ticket: number): void {
    call.timers.delete(ticket);
    if (!call.tickets.delete(ticket) || !call.room) return;
    call.room.pending--;
    this.enter(call, [Enter.timer, call.number, ticket]);
    this.settleTurn();
  }

  private pull(call: Call, ticket: number, of: number): void {
    if (!call.tickets.delete(ticket) || !call.room) return;
    call.room.pending--;
    const piece = this.bodies.pull(of);
    const { head, chunk } = piece ?? { head: '{"code":"gone","message":"This body was read to its end"}', chunk: '' };
    this.enter(call, [Enter.reply, call.number, ticket, piece ? WHOLE : REFUSED, head, chunk]);
    this.settleTurn();
  }

  /** Timers and pulls run outside of a read from the host: the end of their turn is here. */
  settleTurn(): void {
    this.recorder.rest();
    this.outbox.flush();
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
    const before = owner.room.cpu_ms();
    const began = performance.now();
    const byCpu = cpu / this.pace <= wall;
    try {
      owner.room.enter(args, Math.max(LEAST_MS, Math.ceil(byCpu ? cpu / this.pace : wall)));
      this.spend(call, owner.room.cpu_ms() - before, performance.now() - began);
    } catch (error) {
      this.spend(call, owner.room.cpu_ms() - before, performance.now() - began);
      const why = error instanceof Stopped ? error : new Stopped('error', 'The engine refused the entry');
      if (why.reason === 'error') this.note(call, why.message);
      else this.stop(call, owner, why, byCpu, call.cpu_ms);
    }
    this.afterEntry(owner);
  }

  /** The engine's timer is a wall clock: on a busy machine it is given the time that the CPU share of late calls for. */
  private spend(call: Call, cpu_ms: number, wall_ms: number): void {
    if (wall_ms < PACE_FROM_MS) {
      call.cpu_ms += wall_ms;
      return;
    }
    call.cpu_ms += Math.min(cpu_ms, wall_ms);
    this.pace = Math.min(1, Math.max(LEAST_PACE, (this.pace + cpu_ms / wall_ms) / 2));
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
    const heap = call.room?.room.heap_bytes() ?? 0;
    const flag = (outcome.failed ? 1 : 0) | (outcome.done ? 4 : 0) | (outcome.isOwn ? 8 : 0);
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
    const heap = call.room?.room.heap_bytes() ?? 0;
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
    for (const timer of call.timers.values()) clearTimeout(timer);
    call.timers.clear();
    if (call.room) {
      call.room.pending -= call.tickets.size;
      call.room.calls.delete(call.number);
      if (call.room.isStale && call.room.calls.size === 0) this.rooms?.close(call.room);
    }
    for (const ticket of call.bodies) this.bodies.forget(ticket);
    call.tickets.clear();
    call.waiting = [];
    call.outcome = null;
    this.touched.delete(call);
  }

  private makeCache(image: LoadedImage): void {
    image.options.want_cache = false;
    setTimeout(() => {
      const bytes = image.room?.room.cache(image.script, image.label);
      if (bytes) this.outbox.put({ kind: ToHost.cache, call: image.number }, [bytes]);
      this.outbox.flush();
    }, CACHE_DELAY_MS);
  }
}
