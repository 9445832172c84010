/** A request to the vendor while the host works on it. */
export interface Outgoing {
  url: URL;
  method: string;
  /** lower-case names */
  headers: Record<string, string>;
  body: Buffer | null;
}

/** The content type of a request's body, without its parameters. */
export function contentType(outgoing: Outgoing): string {
  return (outgoing.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
