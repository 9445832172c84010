import { bare, cut, NativeError, NativePromise, NativeTypeError, rejected } from './primordials.js';

// How guest code asks for anything outside its isolate: one host function `(call, op, json) → ticket`, answered later by
// an entry that carries the ticket. A ticket below 1 is a refusal.

/** The refusals of the host function, by their numbers. */
const REFUSED = {
  __proto__: null,
  '-1': ['TooManyHostCalls', 'This call has used up its host calls'],
  '-2': ['TooManyTimers', 'This call has too many timers waiting'],
  '-3': ['TooLarge', 'The request is larger than a call may send'],
  '-4': ['CallEnded', 'This call has ended: its context can do nothing any more'],
};

/** An error that comes from the host. `code` is stable, `name` is the code as a class name would be written. */
export function hostError(code, message) {
  const error = new NativeError(message);
  error.name = className(code);
  error.code = code;
  return error;
}

function className(code) {
  if (code === 'denied') return 'PermissionDenied';
  let name = '';
  let upper = true;
  for (let i = 0; i < code.length; i++) {
    const character = code[i];
    if (character === '_') upper = true;
    else {
      name += upper ? character.toUpperCase() : character;
      upper = false;
    }
  }
  return name;
}

export function makeAsks(host) {
  const waiting = bare();

  /** Asks and returns a promise for the raw answer `[json, body]`. */
  function ask(call, op, json) {
    if (call.over) return rejected(refusal(-4));
    const ticket = host(call.number, op, json);
    if (ticket < 1) return rejected(refusal(ticket));
    return new NativePromise((resolve, reject) => {
      waiting[ticket] = { resolve, reject, call };
    });
  }

  /** Tells the host something that has no answer. Returns false when it was refused. */
  function tell(call, op, json) {
    return !call.over && host(call.number, op, json) > 0;
  }

  /** An answer arrived. `state` 0: with its body; 1: refused, json is `{code, message}`; 2: the body is to be pulled. */
  function settle(ticket, state, json, body, parse) {
    const entry = waiting[ticket];
    if (!entry) return;
    delete waiting[ticket];
    if (state !== 1) {
      entry.resolve({ ticket, json, body: state === 2 ? null : body });
      return;
    }
    const problem = parse(json);
    entry.reject(hostError(cut(`${problem.code}`, 60), cut(`${problem.message}`, 2000)));
  }

  /** Rejects what a call that is over still waits for, so that nothing it holds stays alive. */
  function forget(call) {
    for (const ticket in waiting) if (waiting[ticket].call === call) delete waiting[ticket];
  }

  return { ask, tell, settle, forget };
}

function refusal(ticket) {
  const known = REFUSED[ticket];
  if (!known) return new NativeTypeError('The host refused the request');
  const error = new NativeError(known[1]);
  error.name = known[0];
  return error;
}
