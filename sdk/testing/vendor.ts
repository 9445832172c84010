/** What a plugin asks of the vendor, and what a test answers. */
export interface VendorRequest {
  method: string;
  /** Absolute: a relative address is against the auth's `base_url`. */
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  /** Name of the auth that the plugin chose; no credential is ever in a test. */
  auth: string | false | undefined;
}
export interface VendorAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: string | object;
}
/** Plays the vendor. Answering nothing means 404. */
export type Vendor = (request: VendorRequest) => VendorAnswer | undefined | Promise<VendorAnswer | undefined>;

/** The body of an answer as text. */
export function bodyText({ body }: VendorAnswer): string {
  return typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
}
