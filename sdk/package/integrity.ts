import { createHash } from 'node:crypto';

/** Subresource integrity of bytes (https://www.w3.org/TR/SRI/): `sha512-<base64>`. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** sha256 as lower-case hex, as `files` of a manifest holds it. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
