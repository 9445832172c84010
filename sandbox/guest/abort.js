/** Of the DOM Standard, as far as AbortSignal needs it. */
export class Event {
  constructor(type, init = {}) {
    this.type = `${type}`;
    this.cancelable = Boolean(init.cancelable);
    this.defaultPrevented = false;
    this.target = null;
    this.timeStamp = Date.now();
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }
}

export class EventTarget {
  #listeners = [];
  addEventListener(type, listener, options) {
    if (!listener || this.#listeners.some((l) => l.type === type && l.listener === listener)) return;
    this.#listeners.push({ type, listener, once: typeof options === 'object' && Boolean(options?.once) });
  }
  removeEventListener(type, listener) {
    this.#listeners = this.#listeners.filter((l) => l.type !== type || l.listener !== listener);
  }
  dispatchEvent(event) {
    event.target = this;
    const own = this[`on${event.type}`];
    if (typeof own === 'function') own.call(this, event);
    for (const entry of this.#listeners.filter((l) => l.type === event.type)) {
      if (entry.once) this.removeEventListener(entry.type, entry.listener);
      if (typeof entry.listener === 'function') entry.listener.call(this, event);
      else entry.listener.handleEvent(event);
    }
    return !event.defaultPrevented;
  }
}

let abortSignal;

export class AbortSignal extends EventTarget {
  #reason;
  #aborted = false;
  onabort = null;

  static {
    abortSignal = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason ?? new DOMException('This operation was aborted', 'AbortError');
      signal.dispatchEvent(new Event('abort'));
    };
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }
  static abort(reason) {
    const signal = new AbortSignal();
    abortSignal(signal, reason);
    return signal;
  }
  static timeout(ms) {
    const signal = new AbortSignal();
    setTimeout(() => abortSignal(signal, new DOMException('The time is over', 'TimeoutError')), ms);
    return signal;
  }
  static any(signals) {
    const any = new AbortSignal();
    for (const signal of signals) {
      if (signal.aborted) abortSignal(any, signal.reason);
      else signal.addEventListener('abort', () => abortSignal(any, signal.reason), { once: true });
    }
    return any;
  }
}

export class AbortController {
  signal = new AbortSignal();
  abort(reason) {
    abortSignal(this.signal, reason);
  }
}
