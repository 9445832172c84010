import type { Format } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats/dist/formats.js';

/**
 * The formats that a schema may name. Each text is refused unread when it is longer than any true one, so that no
 * expression behind a format is given a megabyte. Formats that only describe (`secret`, `int64`, …) accept everything
 * of their type.
 */
const checked = {
  'date-time': 64,
  date: 10,
  time: 32,
  duration: 64,
  email: 320,
  hostname: 255,
  ipv4: 15,
  ipv6: 64,
  uri: 8_192,
  'uri-reference': 8_192,
  uuid: 64,
  'json-pointer': 1_024,
  byte: 12_000_000,
} as const;

const described = ['secret', 'password', 'binary', 'int32', 'int64', 'float', 'double', 'text', 'markdown', 'code'];

export const formatNames: readonly string[] = [...Object.keys(checked), 'pem', ...described];

export const formats: Record<string, Format> = Object.fromEntries<Format>([
  ...Object.entries(checked).map(([name, longest]): [string, Format] => {
    const accept = ajvFormats.fullFormats[name as keyof typeof checked];
    return [name, (text: string) => text.length <= longest && test(accept, text)];
  }),
  ['pem', (text) => text.length <= 65_536 && /^-----BEGIN [A-Z0-9 ]+-----\s/.test(text)],
  ...described.map((name): [string, Format] => [name, true]),
]);

function test(format: unknown, text: string): boolean {
  if (format instanceof RegExp) {
    format.lastIndex = 0;
    return format.test(text);
  }
  if (typeof format === 'function') return Boolean(format(text));
  if (typeof format === 'object' && format !== null && 'validate' in format) return test(format.validate, text);
  return true;
}
