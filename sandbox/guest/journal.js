import { isArray, jsonStringify, NativeDate, NativeNumber, NativeUint8Array, push } from './primordials.js';
import { makeRandom } from './random.js';

const JOURNAL = 24;
/** Reads of the clock that are kept; later ones repeat the last when the call is run again. */
const MOST_READS = 10_000;
const nativeNow = NativeDate.now;

/**
 * What makes a call repeatable beside the host's answers: random values grow from its own seed, and what it read of the
 * clock is kept (`told.clock` absent) or read from the record (`told.clock` given).
 *
 * @param told `{seed, clock?}` of the context, or undefined: then there is no journal.
 */
export function makeJournal(told) {
  if (!told || typeof told.seed !== 'string') return null;
  const fill = makeRandom(NativeUint8Array.fromHex(told.seed));
  const replayed = isArray(told.clock) ? told.clock : null;
  const clock = [];
  let at = 0;
  let last = 0;
  let isCut = false;

  function now() {
    if (replayed) {
      if (at < replayed.length) last = NativeNumber(replayed[at++]);
      return last;
    }
    if (at >= MOST_READS) {
      isCut = true;
      return last;
    }
    at++;
    last = nativeNow();
    push(clock, last);
    return last;
  }

  let quick = null;
  /** Math.random is called in loops: a small generator, seeded from the call's. */
  function fraction() {
    quick ??= smallGenerator(fill(new NativeUint8Array(16)));
    return quick();
  }

  /** Tells the host what it needs to run the call again; nothing when it is run again. */
  function send(host, number) {
    if (!replayed) host(number, JOURNAL, jsonStringify({ clock, is_cut: isCut }));
  }

  return { fill, now, fraction, send };
}

/** sfc32: passes PractRand, four words of state. */
function smallGenerator(seed) {
  const words = new DataView(seed.buffer);
  let a = words.getInt32(0);
  let b = words.getInt32(4);
  let c = words.getInt32(8);
  let d = words.getInt32(12);
  const next = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return () => next() / 4294967296;
}

/**
 * Puts `Date`, `Math.random` and `Temporal.Now` in front of the engine's: a call with a journal reads its own. They are
 * replaced before plugin code runs, so none can have kept the engine's.
 *
 * @param current the call that is running, or null
 */
export function installClock(current) {
  const now = () => {
    const journal = current()?.journal;
    return journal ? journal.now() : nativeNow();
  };
  const nativeRandom = Math.random;
  const random = () => {
    const journal = current()?.journal;
    return journal ? journal.fraction() : nativeRandom();
  };
  const hide = (target, name, value) =>
    Reflect.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
  const { construct } = Reflect;
  const Clock = new Proxy(NativeDate, {
    construct: (target, args, newTarget) =>
      construct(target, args.length === 0 ? [now()] : args, newTarget === Clock ? target : newTarget),
    apply: () => `${new Clock()}`,
  });
  hide(NativeDate, 'now', now);
  hide(NativeDate.prototype, 'constructor', Clock);
  hide(globalThis, 'Date', Clock);
  hide(Math, 'random', random);
  if (typeof Temporal === 'object') {
    const { Instant, Now } = Temporal;
    const zone = Now.timeZoneId;
    const zoned = (id) => Instant.fromEpochMilliseconds(now()).toZonedDateTimeISO(id === undefined ? zone() : id);
    hide(Now, 'instant', () => Instant.fromEpochMilliseconds(now()));
    hide(Now, 'zonedDateTimeISO', zoned);
    hide(Now, 'plainDateTimeISO', (id) => zoned(id).toPlainDateTime());
    hide(Now, 'plainDateISO', (id) => zoned(id).toPlainDate());
    hide(Now, 'plainTimeISO', (id) => zoned(id).toPlainTime());
  }
}
