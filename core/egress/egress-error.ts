/** What went wrong on the way out. `address_refused` and `bad_url` are final; the others may pass another time. */
export type EgressCode =
  | 'bad_url'
  | 'bad_request'
  | 'address_refused'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'reset'
  | 'bad_answer'
  | 'timeout'
  | 'too_large'
  | 'too_many_redirects'
  | 'cancelled';

/** A request that got no answer, and why. The message names host and cause, never a query, header or body. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressCode;
  /** The address that was connected to, or refused, when one was known. */
  readonly address: string | null;
  constructor(code: EgressCode, message: string, more: { address?: string | null; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.address = more.address ?? null;
  }
  /** Whether the same request may succeed a moment later. */
  get passing(): boolean {
    return ['dns_failed', 'connect_failed', 'reset', 'timeout', 'bad_answer'].includes(this.code);
  }
}
