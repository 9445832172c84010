import { apply, bare, floor, NativeError, NativeNumber, NativeTypeError } from './primordials.js';

const TIMER = 3;
const CLEAR = 4;
/** No call lives longer. */
const LONGEST_MS = 3_600_000;

/** setTimeout and its kin: the sandbox process keeps the clock, a timer belongs to the call that was running. */
export function makeTimers(host, current, enterAs) {
  const timers = bare();

  function start(action, ms, args, again) {
    if (typeof action !== 'function') throw new NativeTypeError('A timer takes a function');
    const call = current();
    if (!call || call.over) throw new NativeError('A timer needs a running call');
    const wait = NativeNumber(ms);
    const whole = wait > 0 ? floor(wait < LONGEST_MS ? wait : LONGEST_MS) : 0;
    const ticket = host(call.number, TIMER, `${whole}`);
    if (ticket < 1) throw new NativeError('This call has too many timers waiting');
    timers[ticket] = { action, args, call, id: ticket, again: again ? whole : -1 };
    return ticket;
  }

  function clear(id) {
    for (const ticket in timers) {
      const timer = timers[ticket];
      if (timer.id !== id) continue;
      delete timers[ticket];
      if (!timer.call.over) host(timer.call.number, CLEAR, ticket);
    }
  }

  function fire(ticket) {
    const timer = timers[ticket];
    if (!timer) return;
    delete timers[ticket];
    if (timer.call.over) return;
    if (timer.again >= 0) {
      const next = host(timer.call.number, TIMER, `${timer.again}`);
      if (next > 0) timers[next] = timer;
    }
    enterAs(timer.call, () => apply(timer.action, undefined, timer.args));
  }

  function forget(call) {
    for (const ticket in timers) if (timers[ticket].call === call) delete timers[ticket];
  }

  return {
    fire,
    forget,
    globals: {
      setTimeout: (action, ms, ...args) => start(action, ms, args, false),
      setInterval: (action, ms, ...args) => start(action, ms, args, true),
      setImmediate: (action, ...args) => start(action, 0, args, false),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    },
  };
}
