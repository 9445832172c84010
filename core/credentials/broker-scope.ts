/** On whose behalf a plugin's request is made; the host's own records, never what a plugin claims. */
export interface BrokerScope {
  workspace_id: string;
  /** The installation whose plugin asks. */
  installation: { _id: string; name: string; manifest: unknown; is_verified?: boolean; grants?: readonly unknown[] };
  /** The account that it works for; its credential is read anew at each request. */
  integration: { _id: string } | null;
  project_id?: string | null;
  /** The effective settings without secrets, those of the integration already laid over. */
  configuration: Record<string, unknown>;
  /** Where an answer of the vendor holds the secret that it made up for a hook (`subscription.secret_at`). */
  hook_secret?: { hook_id: string; at: string } | undefined;
  /** Called before the account's credential goes into a request; what it throws keeps the request here. */
  credential_used?(): Promise<void>;
  /** The value of a secret setting by name, for `inject` and `sign`; `null` when it is not set. */
  configuration_secret?(name: string): Promise<string | null> | string | null;
}

/** What went wrong with a plugin's request, in words that may cross into the sandbox. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly code: BrokerCode;
  /** For `rate_limited`: seconds until another try makes sense. */
  readonly retry_after_s: number | undefined;
  constructor(code: BrokerCode, message: string, more: { retry_after_s?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.retry_after_s = more.retry_after_s;
  }
}

export type BrokerCode =
  | 'denied'
  | 'bad_request'
  | 'not_connected'
  | 'reconnect'
  | 'rate_limited'
  | 'network'
  | 'timeout'
  | 'too_large'
  | 'cancelled';
