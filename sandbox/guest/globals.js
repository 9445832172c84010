import { AbortController, AbortSignal, Event, EventTarget } from './abort.js';
import { atob, btoa, bytesToHex } from './base64.js';
import { Request, Response } from './body.js';
import { DOMException } from './dom-exception.js';
import { Blob, File, FormData } from './form-data.js';
import { digest } from './hash.js';
import { Headers } from './headers.js';
import { defineProperty, isView, NativePromise, then } from './primordials.js';
import { structuredClone } from './structured-clone.js';
import { bytesOf, TextDecoder, TextEncoder } from './text.js';
import { URL, URLSearchParams } from './url.js';

/**
 * What lives outside the heap limit, or gives a clock precise enough to spy with, is taken away; what a web program
 * expects is put in its place.
 */
export function installGlobals(random, more) {
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'escape', 'unescape']) delete globalThis[name];
  withoutMaxByteLength();
  const classes = { AbortController, AbortSignal, Event, EventTarget, DOMException, Headers, Request, Response };
  const data = { Blob, File, FormData, TextDecoder, TextEncoder, URL, URLSearchParams };
  const functions = { atob, btoa, structuredClone, queueMicrotask: (action) => void then(resolved, () => action()) };
  const all = { ...classes, ...data, ...functions, ...more, crypto: makeCrypto(random), self: globalThis };
  for (const name of Object.keys(all)) {
    defineProperty(globalThis, name, { value: all[name], writable: true, configurable: true, enumerable: false });
  }
}

const resolved = NativePromise.resolve();

/** A resizable buffer reserves its maximum outside the heap limit: `new ArrayBuffer(8, {maxByteLength: 2 ** 40})`. */
function withoutMaxByteLength() {
  const Native = ArrayBuffer;
  const Fixed = new Proxy(Native, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, [args[0]], newTarget === Fixed ? target : newTarget),
  });
  defineProperty(Native.prototype, 'constructor', { value: Fixed, writable: true, configurable: true });
  for (const name of ['resize', 'resizable', 'maxByteLength']) delete Native.prototype[name];
  defineProperty(globalThis, 'ArrayBuffer', { value: Fixed, writable: true, configurable: true, enumerable: false });
}

function makeCrypto(random) {
  const getRandomValues = (view) => {
    if (!isView(view) || view instanceof Float32Array || view instanceof Float64Array) {
      throw new DOMException('getRandomValues takes a list of whole numbers', 'TypeMismatchError');
    }
    if (view.byteLength > 65536) throw new DOMException('At most 65536 bytes at once', 'QuotaExceededError');
    random(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return view;
  };
  const randomUUID = () => {
    const bytes = random(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = bytesToHex(bytes);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  };
  const subtle = {
    digest: async (algorithm, data) => {
      const name = typeof algorithm === 'object' ? algorithm.name : algorithm;
      if (!/^sha-(1|256|512)$/i.test(name))
        throw new DOMException('Use SHA-1, SHA-256 or SHA-512', 'NotSupportedError');
      return digest(name, bytesOf(data)).buffer;
    },
  };
  return { getRandomValues, randomUUID, subtle };
}
