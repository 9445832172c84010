import { bare, jsonStringify } from './primordials.js';

/** Each level of a value takes a frame of the replacer: a stack holds some two thousand. */
const MOST_LEVELS = 200;

/**
 * The JSON text of a value that may hold anything: what would go around in a circle reads `[circular]`, what is nested
 * deeper than 200 levels `[nested]`, a big integer its digits. Undefined where JSON has no text; throws what a getter or
 * `toJSON` throws.
 *
 * With a replacer V8 looks for circles as it goes. Without one it notices a circle by running out of stack, after 60 ms:
 * most of what a call may use.
 */
export function jsonText(value) {
  const open = bare();
  let depth = 0;
  return jsonStringify(value, function (_key, inner) {
    if (typeof inner === 'bigint') return `${inner}`;
    if (typeof inner !== 'object' || inner === null) return inner;
    while (depth > 0 && open[depth - 1] !== this) depth--;
    for (let i = 0; i < depth; i++) if (open[i] === inner) return '[circular]';
    if (depth === MOST_LEVELS) return '[nested]';
    open[depth++] = inner;
    return inner;
  });
}
