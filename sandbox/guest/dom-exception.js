const LEGACY_CODES = {
  __proto__: null,
  IndexSizeError: 1,
  NotFoundError: 8,
  NotSupportedError: 9,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidAccessError: 15,
  TimeoutError: 23,
  AbortError: 20,
  QuotaExceededError: 22,
  DataCloneError: 25,
  InvalidCharacterError: 5,
};

/** Of Web IDL: the error of the web platform's own functions. */
export class DOMException extends Error {
  #name;
  constructor(message = '', name = 'Error') {
    super(`${message}`);
    this.#name = `${name}`;
  }
  get name() {
    return this.#name;
  }
  get code() {
    return LEGACY_CODES[this.#name] ?? 0;
  }
}
