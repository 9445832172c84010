// Intrinsics, taken before any plugin code runs: a plugin that replaces `JSON.stringify` or `Promise.prototype.then`
// changes its own world only, never how the runtime counts, serialises or settles.
export const { apply, construct, ownKeys, getPrototypeOf, defineProperty } = Reflect;
export const jsonParse = JSON.parse;
export const jsonStringify = JSON.stringify;
export const NativePromise = Promise;
export const NativeError = Error;
export const NativeTypeError = TypeError;
export const NativeRangeError = RangeError;
export const NativeUint8Array = Uint8Array;
export const NativeString = String;
export const NativeNumber = Number;
export const NativeDate = Date;
export const objectCreate = Object.create;
export const objectKeys = Object.keys;
export const hasOwn = Object.hasOwn;
export const objectFreeze = Object.freeze;
export const isArray = Array.isArray;
export const isView = ArrayBuffer.isView;
export const floor = Math.floor;
export const min = Math.min;
export const nextChar = String.prototype.charCodeAt;
const promiseThen = Promise.prototype.then;
const promiseReject = Promise.reject;
const stringSlice = String.prototype.slice;
const arrayPush = Array.prototype.push;
const arrayJoin = Array.prototype.join;

export function then(promise, done, failed) {
  return apply(promiseThen, promise, [done, failed]);
}

export function rejected(error) {
  return apply(promiseReject, NativePromise, [error]);
}

/** The first `length` units of a string. */
export function cut(text, length) {
  return apply(stringSlice, text, [0, length]);
}

export function push(list, value) {
  apply(arrayPush, list, [value]);
}

export function join(list, separator) {
  return apply(arrayJoin, list, [separator]);
}

/** An object without a prototype, so that no polluted prototype answers for a field that is not there. */
export function bare() {
  return objectCreate(null);
}
