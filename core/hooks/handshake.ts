import type { Handshake, Respond } from '../../sdk/contract/manifest/triggers.ts';
import { readRef, valuesAt } from '../credentials/read-ref.ts';
import type { Values } from '../credentials/template-values.ts';
import { Raw } from '../http/route.ts';
import { fillBytes, type Opened } from './incoming.ts';

/** The handshake that a request asks for, if any: the vendor trying the address out. */
export function findHandshake(
  handshakes: readonly Handshake[] | undefined,
  request: Opened,
  body: unknown,
): Handshake | undefined {
  return handshakes?.find(({ when }) => {
    if (when.method !== undefined && when.method.toUpperCase() !== request.method) return false;
    const query = Object.entries(when.query ?? {}).every(([name, values]) =>
      [values].flat().includes(request.query.get(name) ?? '\0'),
    );
    const inBody = Object.entries(when.body ?? {}).every(([pointer, values]) =>
      valuesAt(body, pointer).some((value) => values.includes(value)),
    );
    const has = (when.has ?? []).every((ref) => readRef(ref, { ...request, json: body }) !== undefined);
    return query && inBody && has;
  });
}

/**
 * An answer that the host gives from data. Header values lose line breaks, and a body made of what was sent is plain
 * text unless declared, so that nobody's page is served from our address.
 */
export function respondWith(respond: Respond, request: Opened, values: Values): Raw {
  const text = (template: string) => fillBytes(template, request, values) ?? Buffer.alloc(0);
  const headers = Object.fromEntries(
    Object.entries(respond.headers ?? {}).map(([name, value]) => [
      name,
      text(value)
        .toString()
        .replaceAll(/[\r\n\0]/g, ''),
    ]),
  );
  const type = respond.type && !/html|xml|svg|script/i.test(respond.type) ? respond.type : 'text/plain; charset=utf-8';
  const body = respond.body === undefined ? null : text(respond.body);
  return new Raw(body, { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff', ...headers }, respond.status);
}
