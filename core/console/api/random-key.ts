/** A key that nobody else makes. Not `randomUUID`, which browsers have only where the host is reached by HTTPS or as localhost. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
