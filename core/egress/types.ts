import type { Tls } from './guarded-agent.ts';

/** One request on its way. */
export interface EgressHop {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: Buffer | string | null;
}

export interface EgressRequest {
  url: string;
  /** GET unless given */
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string | null;
  /** for everything, from resolving to the last byte of the last hop; 30 s unless given */
  timeout_ms?: number;
  /** of the decoded body; 8 MB unless given */
  max_bytes?: number;
  /** what a body past `max_bytes` does: fail (the default), or be cut */
  overflow?: 'fail' | 'cut';
  /** false: not even addresses that the operator opened. Plugins without `private: true` call so */
  allow_private?: boolean;
  tls?: Tls;
  signal?: AbortSignal;
  /**
   * Given: redirects are followed (5 at most), and this is called before each with what would be sent; it answers
   * what is sent, or throws. Not given: a redirect is an answer like any other.
   */
  on_hop?(hop: EgressHop): EgressHop | Promise<EgressHop>;
}

export interface EgressAnswer {
  status: number;
  /** lower-case name → value; repeated headers joined by a comma, cookies left out */
  headers: Record<string, string>;
  /** where the answer came from, after redirects */
  url: string;
  body: Buffer;
  /** true when the body was cut at `max_bytes` */
  cut: boolean;
  /** the IP address that answered */
  address: string | null;
  timings: EgressTimings;
}

/** Where the time of an answered request went, in ms; of its last hop. */
export interface EgressTimings {
  /** resolving, connecting and TLS; null when a connection stood already */
  connect_ms: number | null;
  /** until the answer's head had come, connecting included */
  head_ms: number;
  /** from then until its body had, or was cut */
  body_ms: number;
}
