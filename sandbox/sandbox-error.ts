import type { CallError, CallErrorType, Usage } from './types.ts';

/** What `inspect` and `StreamCall.next` throw. `error` says why; `usage` what it cost, when it ran. */
export class SandboxError extends Error {
  override name = 'SandboxError';
  readonly error: CallError;
  readonly usage: Usage | undefined;
  constructor(error: CallError, usage?: Usage) {
    super(error.message);
    this.error = error;
    this.usage = usage;
  }

  get type(): CallErrorType {
    return this.error.type;
  }
}
