/** Why a token could not be got, in the vendor's own word where it gave one (RFC 6749, section 5.2). */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** `invalid_grant`, `invalid_client` …; `no_answer` and `unreadable` are ours */
  readonly code: string;
  readonly status: number | null;
  constructor(code: string, message: string, more: { status?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.status = more.status ?? null;
  }
  /** Whether the grant itself is dead: asking again with it can only fail again. */
  get dead(): boolean {
    return this.code === 'invalid_grant';
  }
}
