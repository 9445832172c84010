/** A refusal of the host whose words may cross into the sandbox. */
export class PerformError extends Error {
  override readonly name = 'PerformError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
