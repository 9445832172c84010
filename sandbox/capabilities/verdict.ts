/** What a capability says about a request. Refused for want of a grant (`denied`), or because it makes no sense (`invalid`). */
export type Verdict<Request> =
  | { ok: true; permission: string; detail: string; request: Request }
  | { ok: false; code: 'denied' | 'invalid'; permission: string; detail: string; message: string };

export function denied(permission: string, detail: string, message: string): Verdict<never> {
  return { ok: false, code: 'denied', permission, detail: short(detail), message };
}

export function invalid(permission: string, detail: string, message: string): Verdict<never> {
  return { ok: false, code: 'invalid', permission, detail: short(detail), message };
}

/** Text of a stranger, fit for a message or a list: one line, cut. */
export function short(text: unknown, length = 120): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const line = String(text).replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined, or a text of at most `length`. */
export function isShortText(value: unknown, length: number): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value.length <= length);
}
