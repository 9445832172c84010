/**
 * structuredClone of the HTML Standard for what a plugin may hold: plain objects, lists, Map, Set, Date, RegExp, errors,
 * buffers and their views, boxed values; cycles kept. Throws DOMException DataCloneError for functions and symbols.
 */
export function structuredClone(value) {
  return clone(value, new Map());
}

function refuse(value) {
  return new DOMException(`A ${typeof value} cannot be cloned`, 'DataCloneError');
}

function clone(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol') throw refuse(value);
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (Array.isArray(value)) return fields(value, keep(new Array(value.length)), seen);
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [k, v] of value) copy.set(clone(k, seen), clone(v, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const v of value) copy.add(clone(v, seen));
    return copy;
  }
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen);
    const length = value instanceof DataView ? value.byteLength : value.length;
    return keep(new value.constructor(buffer, value.byteOffset, length));
  }
  if (value instanceof Error) {
    const copy = keep(Object.create(Object.getPrototypeOf(value)));
    for (const name of ['message', 'stack', 'cause']) {
      if (Object.hasOwn(value, name)) {
        const field = { value: clone(value[name], seen), writable: true, configurable: true };
        Object.defineProperty(copy, name, field);
      }
    }
    return copy;
  }
  if (['Number', 'String', 'Boolean', 'BigInt'].includes(kind)) return keep(Object(value.valueOf()));
  if (['WeakMap', 'WeakSet', 'WeakRef', 'Promise', 'Generator'].includes(kind)) throw refuse(value);
  return fields(value, keep({}), seen);
}

function fields(from, to, seen) {
  for (const key of Object.keys(from)) to[key] = clone(from[key], seen);
  return to;
}
