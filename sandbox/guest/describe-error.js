import { jsonText } from './json-text.js';
import { cut, jsonParse, jsonStringify, objectKeys } from './primordials.js';

const DATA_LENGTH = 4000;

/** Text of a field that may be a getter, a proxy's trap or anything else: never throws. */
function field(error, name, length) {
  try {
    const value = error[name];
    return typeof value === 'string' ? cut(value, length) : undefined;
  } catch {
    return undefined;
  }
}

/** What was thrown, as JSON text with cut lengths. Runs the getters of a stranger, so it runs inside the time limit. */
export function describeError(error) {
  const described = { __proto__: null };
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) {
    described.message = cut(typeof error === 'symbol' ? 'A symbol was thrown' : `${error}`, 2000);
    return jsonStringify(described);
  }
  described.name = field(error, 'name', 100);
  described.message = field(error, 'message', 2000) ?? 'Something was thrown that has no message';
  described.stack = field(error, 'stack', 8000);
  const data = { __proto__: null };
  try {
    for (const key of objectKeys(error)) {
      if (key === 'name' || key === 'message' || key === 'stack') continue;
      const text = jsonText(error[key]);
      if (text !== undefined && text.length <= DATA_LENGTH) data[cut(key, 100)] = jsonParse(text);
    }
    const text = jsonStringify({ ...described, data });
    if (text.length <= 16_000 + DATA_LENGTH) return text;
  } catch {
    // A field that cannot be read or written as JSON costs the data, not the message.
  }
  return jsonStringify(described);
}
