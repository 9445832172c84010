import type { Outbox } from '../outbox.ts';
import { Enter, FIRST_HOST_OP, Op, ToHost } from '../protocol.ts';
import { Bodies } from './bodies.ts';
import type { Call } from './call.ts';

/** Escapes and the fields around a body, beside the payload itself. */
const ASK_OVERHEAD = 64 * 1024;

/** Refusals, as `guest/asks.js` knows them. */
const NO_MORE_ASKS = -1;
const NO_MORE_TIMERS = -2;
const TOO_LARGE = -3;

/** How an answer reaches the guest: with its body, as a refusal, or with a body to be pulled. */
const WHOLE = 0;
const REFUSED = 1;
const TO_PULL = 2;

type Enters = (call: Call, args: (string | number | boolean)[]) => void;

/**
 * What guests ask for: of the host within the call's budget, of this process (timers, chunks of a body), or nothing at
 * all (their results). Keeps only what it may; whatever else it is told costs no memory.
 */
export class Requests {
  private readonly bodies = new Bodies();
  private readonly outbox: Outbox;
  private readonly enter: Enters;
  private readonly settleTurn: () => void;
  private ticket = 0;

  /** `enter` is the one way into a room; `settleTurn` ends the turns that begin here. */
  constructor(outbox: Outbox, enter: Enters, settleTurn: () => void) {
    this.outbox = outbox;
    this.enter = enter;
    this.settleTurn = settleTurn;
  }

  /** Returns a ticket, or a refusal below 1. */
  ask(call: Call, op: number, json: string): number {
    if (op < FIRST_HOST_OP) return this.askHere(call, op, json);
    if (json.length > call.budget.payload_bytes * 1.5 + ASK_OVERHEAD) return TOO_LARGE;
    if (op === Op.log || op === Op.journal) {
      this.outbox.put({ kind: ToHost.ask, call: call.number, flag: op }, [json]);
      return 1;
    }
    call.asked++;
    if (call.asked > call.budget.host_calls) return NO_MORE_ASKS;
    const ticket = this.newTicket(call);
    if (call.atOnce < call.budget.at_once) this.send(call, ticket, op, json);
    else call.waiting.push({ ticket, op, json });
    return ticket;
  }

  private askHere(call: Call, op: number, json: string): number {
    if (op === Op.timer) return this.startTimer(call, Number(json));
    if (op === Op.clear) return this.clearTimer(call, Number(json));
    if (op !== Op.pull) return keepOutcome(call, op, json);
    const ticket = this.newTicket(call);
    setImmediate(() => this.pull(call, ticket, Number(json)));
    return ticket;
  }

  private startTimer(call: Call, ms: number): number {
    if (call.timers.size >= call.budget.timers) return NO_MORE_TIMERS;
    const ticket = this.newTicket(call);
    call.timers.set(
      ticket,
      setTimeout(() => this.fire(call, ticket), ms),
    );
    return ticket;
  }

  private clearTimer(call: Call, ticket: number): number {
    const timer = call.timers.get(ticket);
    if (timer && call.tickets.delete(ticket) && call.room) call.room.pending--;
    clearTimeout(timer);
    call.timers.delete(ticket);
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

  /** The host answered: the next request that waited goes out, and the guest hears. */
  reply(call: Call, ticket: number, flag: number, head: string, body: Buffer): void {
    if (!call.tickets.delete(ticket) || !call.room) return;
    call.room.pending--;
    call.atOnce--;
    while (call.atOnce < call.budget.at_once) {
      const next = call.waiting.shift();
      if (!next) break;
      this.send(call, next.ticket, next.op, next.json);
    }
    const failed = (flag & 1) !== 0;
    const isBytes = (flag & 2) !== 0;
    const inline = Bodies.isInline(body, isBytes);
    if (!failed && !inline) {
      this.bodies.hold(ticket, body, isBytes);
      call.bodies.push(ticket);
    }
    const state = failed ? REFUSED : inline ? WHOLE : TO_PULL;
    this.enter(call, [Enter.reply, call.number, ticket, state, head, inline ? body.toString('utf8') : '']);
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

  /** Lets go of all that a call waits for. */
  forget(call: Call): void {
    for (const timer of call.timers.values()) clearTimeout(timer);
    call.timers.clear();
    for (const ticket of call.bodies) this.bodies.forget(ticket);
    if (call.room) call.room.pending -= call.tickets.size;
    call.tickets.clear();
    call.waiting = [];
  }
}

function keepOutcome(call: Call, op: number, json: string): number {
  if (json.length > call.budget.payload_bytes) {
    const message = `The answer is over ${call.budget.payload_bytes} bytes`;
    const told = JSON.stringify({ type: 'too_large', message });
    call.outcome = { json: told, failed: true, ended: true, done: true, isOwn: true };
  } else if (op === Op.page) {
    const done = json.startsWith('{"done":true');
    call.outcome = { json, failed: false, ended: done, done };
  } else call.outcome = { json, failed: op === Op.failure, ended: true, done: true, goesOn: op === Op.again };
  return 1;
}
