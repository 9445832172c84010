import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { VaultError } from './errors.ts';

/**
 * A sealed text is `pbs1.<key id>.<wrapped data key>.<secret>`: the secret under a data key of its own (AES-256-GCM,
 * NIST SP 800-38D), the data key under the master key. Rotation wraps the data key again and never sees the secret.
 * Both parts are base64url of nonce (12 bytes), ciphertext, tag (16 bytes).
 */
const format = 'pbs1';
const nonceBytes = 12;
const tagBytes = 16;

/** Where a sealed text belongs. It opens nowhere else. */
export interface SealContext {
  workspace_id: string;
  /** id of the record that holds it */
  record: string;
  /** the record's field, for example `credential` or `secrets.api_key` */
  field: string;
}

/** A master key with the id that sealed texts name it by. */
export interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** The four parts of a sealed text. */
export interface SealedParts {
  key_id: string;
  wrapped: Buffer;
  secret: Buffer;
}

/**
 * @param bytes 32 random bytes
 * @throws VaultError `bad_key`
 */
export function masterKey(bytes: Buffer): MasterKey {
  if (bytes.length !== 32) {
    throw new VaultError('bad_key', `A master key has 32 bytes (64 hex characters); this one has ${bytes.length}.`);
  }
  const id = createHash('sha256').update('patchbay master key id\n').update(bytes).digest('hex').slice(0, 12);
  return { id, bytes };
}

/** True for a text that `sealText` made, judged by its shape alone. */
export function isSealed(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.startsWith(`${format}.`) &&
    /^pbs1\.[0-9a-f]{12}\.[\w-]{80}\.[\w-]{38,}$/.test(value)
  );
}

/** @throws VaultError `malformed` */
export function partsOf(sealed: string): SealedParts {
  if (!isSealed(sealed)) throw new VaultError('malformed', 'This is not a sealed text.');
  const [, key_id = '', wrapped = '', secret = ''] = sealed.split('.');
  return { key_id, wrapped: Buffer.from(wrapped, 'base64url'), secret: Buffer.from(secret, 'base64url') };
}

/** Seals `text` for one place, with a fresh data key. */
export function sealText(text: string, context: SealContext, key: MasterKey): string {
  const dataKey = randomBytes(32);
  const secret = encrypt(Buffer.from(text, 'utf8'), dataKey, placeOf(context));
  return join(key, dataKey, secret);
}

/** @throws VaultError `does_not_open` */
export function unsealText(parts: SealedParts, context: SealContext, key: MasterKey): string {
  return decrypt(
    parts.secret,
    unwrap(parts, key),
    placeOf(context),
    'It was altered, or moved here from another place.',
  ).toString('utf8');
}

/** The same secret, its data key wrapped by another master key. */
export function rewrapText(parts: SealedParts, from: MasterKey, to: MasterKey): string {
  return join(to, unwrap(parts, from), parts.secret);
}

function join(key: MasterKey, dataKey: Buffer, secret: Buffer): string {
  const wrapped = encrypt(dataKey, key.bytes, wrapOf(key));
  return `${format}.${key.id}.${wrapped.toString('base64url')}.${secret.toString('base64url')}`;
}

function unwrap(parts: SealedParts, key: MasterKey): Buffer {
  return decrypt(parts.wrapped, key.bytes, wrapOf(key), 'Its data key was altered.');
}

// JSON keeps the three values apart, whatever characters they hold.
function placeOf({ workspace_id, record, field }: SealContext): Buffer {
  return Buffer.from(JSON.stringify([format, 'secret', workspace_id, record, field]));
}

function wrapOf(key: MasterKey): Buffer {
  return Buffer.from(JSON.stringify([format, 'data key', key.id]));
}

function encrypt(plain: Buffer, key: Buffer, additional: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(additional);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(sealed: Buffer, key: Buffer, additional: Buffer, why: string): Buffer {
  try {
    const nonce = sealed.subarray(0, nonceBytes);
    // Without authTagLength Node takes tags of 4 bytes, which can be guessed.
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(additional);
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new VaultError('does_not_open', `A sealed text does not open. ${why}`, { cause });
  }
}
