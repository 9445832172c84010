import type { IncomingMessage } from 'node:http';
import rawBody from 'raw-body';
import { Failure } from '../../sdk/contract/failure.ts';

const maxDepth = 64;
const maxNodes = 100_000;

/**
 * Reads a request's bytes, at most `limit` of them.
 *
 * @throws Failure `payload_too_large`, `unsupported_media_type` (a content encoding), `malformed` (cut short)
 */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Failure('unsupported_media_type', {
      message: `Content-Encoding ${JSON.stringify(encoding.slice(0, 40))} is not taken: send the body as it is.`,
    });
  }
  try {
    return await rawBody(request, { limit, length: request.headers['content-length'] ?? null });
  } catch (cause) {
    const type = (cause as { type?: string }).type;
    if (type === 'entity.too.large')
      throw new Failure('payload_too_large', {
        message: `The body is larger than the ${limit} bytes that this path takes.`,
      });
    throw new Failure('malformed', { message: 'The body ended before its Content-Length.', cause });
  }
}

/**
 * Parses JSON text (RFC 8259) of a request.
 *
 * @throws Failure `malformed` for broken UTF-8 or JSON or one nested deeper than 64, `validation_failed` for keys
 *   that would reach an object's prototype
 */
export function parseJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure('malformed', { message: 'The body is not valid UTF-8.', cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Failure('malformed', {
      message: `The body is not valid JSON: ${(cause as Error).message.slice(0, 200)}.`,
      cause,
    });
  }
  inspect(value);
  return value;
}

/** Walks without recursion, so that depth cannot exhaust the stack. */
function inspect(root: unknown): void {
  const waiting: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }];
  let nodes = 0;
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    const { value, pointer, depth } = entry;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= maxDepth)
      throw new Failure('malformed', {
        message: `The body is nested deeper than ${maxDepth} levels at ${pointer.slice(0, 100)}.`,
      });
    for (const [key, child] of Object.entries(value)) {
      nodes += 1;
      if (nodes > maxNodes)
        throw new Failure('payload_too_large', { message: `The body has more than ${maxNodes} values.` });
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
        throw new Failure('validation_failed', {
          content: {
            errors: [
              {
                pointer: at,
                message: `the key ${JSON.stringify(key)} is not taken in any body`,
                keyword: 'propertyNames',
                params: {},
              },
            ],
          },
        });
      }
      if (typeof child === 'object' && child !== null) waiting.push({ value: child, pointer: at, depth: depth + 1 });
    }
  }
}
