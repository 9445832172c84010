/** One broken field of a 422 answer. */
export interface FieldError {
  /** JSON Pointer into the body that was sent */
  pointer: string;
  message: string;
  keyword?: string;
}

/** The host refused or failed. `message` is its sentence, already in the reader's language. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `F…`, or `offline` when no answer came */
  readonly code: string;
  readonly status: number;
  readonly content: Record<string, unknown>;
  readonly request_id: string | null;
  constructor(answer: {
    code: string;
    status: number;
    msg: string;
    content?: Record<string, unknown>;
    request_id?: string | null;
  }) {
    super(answer.msg);
    this.code = answer.code;
    this.status = answer.status;
    this.content = answer.content ?? {};
    this.request_id = answer.request_id ?? null;
  }

  /** The broken fields of a 422. */
  get fields(): FieldError[] {
    return Array.isArray(this.content.errors) ? (this.content.errors as FieldError[]) : [];
  }

  /** What a plugin call failed with, where it was one. */
  get plugin_error(): { type?: string; message?: string; invocation_id?: string } | null {
    const { error } = this.content;
    return typeof error === 'object' && error !== null ? error : null;
  }
}
