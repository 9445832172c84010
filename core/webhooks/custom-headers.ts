import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { seal, unseal } from '../vault/vault.ts';

/** What stands for a secret in an answer; writing it back keeps the secret. */
export const masked = '••••';

/** Set by the connection, or by us: from a webhook's owner they could split, retarget or forge a delivery. */
const ours = new Set([
  ...['host', 'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te'],
  ...['trailer', 'transfer-encoding', 'upgrade', 'expect', 'via', 'forwarded', 'date', 'accept-encoding'],
  ...['x-webhook-signature', 'x-hub-signature', 'x-hub-signature-256', 'signature', 'signature-input'],
]);
const oursByPrefix = /^(content-|webhook-|proxy-|sec-|x-forwarded-)/;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
const secretName = /authorization|cookie|token|secret|password|passwd|api-?key|auth|credential|signature/i;

/** @throws Failure validation_failed naming each header that may not be set */
export function checkHeaders(headers: Record<string, string>): void {
  const seen = new Set<string>();
  const errors = Object.entries(headers).flatMap(([name, value]) => {
    const message = seen.has(name.toLowerCase())
      ? `${quote(name)} is there twice: header names are the same in any case`
      : refusal(name, value);
    seen.add(name.toLowerCase());
    const pointer = `/headers/${name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return message ? [{ pointer, message, keyword: 'format', params: {} }] : [];
  });
  if (errors.length > 0) throw new Failure('validation_failed', { content: { errors } });
}

function refusal(name: string, value: string): string | null {
  if (!token.test(name)) return `${quote(name)} is no header name (RFC 9110, section 5.1)`;
  const lower = name.toLowerCase();
  if (ours.has(lower) || oursByPrefix.test(lower)) return `${quote(name)} is set by the host; leave it out`;
  // Visible ASCII, spaces and tabs: a line break would begin another header.
  if (!/^[\t\x20-\x7e]*$/.test(value)) return `the value of ${quote(name)} may hold printable ASCII only`;
  return null;
}

interface Place {
  workspace_id: string;
  _id: string;
}

/** Headers as they are stored: one sealed text, null when there are none. */
export function sealHeaders(webhook: Place, headers: Record<string, string>): string | null {
  if (Object.keys(headers).length === 0) return null;
  return seal(JSON.stringify(headers), placeOf(webhook));
}

/** Headers as they are sent. */
export function openHeaders(webhook: Place & { headers: string | null }): Record<string, string> {
  if (webhook.headers === null) return {};
  return JSON.parse(unseal(webhook.headers, placeOf(webhook))) as Record<string, string>;
}

/** Headers as they are shown: the values of those that look like secrets are masked. */
export function maskHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretName.test(name) ? masked : value]),
  );
}

/** New headers, where a mask that is written back keeps the value that it stands for. */
export function keepMasked(given: Record<string, string>, stored: Record<string, string>): Record<string, string> {
  const byName = new Map(Object.entries(stored).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      value === masked ? (byName.get(name.toLowerCase()) ?? value) : value,
    ]),
  );
}

function placeOf(webhook: Place) {
  return { workspace_id: webhook.workspace_id, record: webhook._id, field: 'headers' };
}
