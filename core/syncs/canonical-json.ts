/**
 * Canonical JSON (RFC 8785) of a value that came as JSON: the same object is the same text, whatever the order of its fields.
 * A lone surrogate, which the RFC refuses, stays as its escape: vendors send them in texts that were cut.
 *
 * @throws RangeError for what is nested thousands of levels deep
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[name];
    if (field !== undefined) text += `${text && ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}
