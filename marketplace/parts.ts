import type { LogEntry } from './models/log-entry.ts';

/** Who acts in the registry, as far as it needs to know. */
export interface Actor {
  kind: 'user' | 'key' | 'system';
  id: string;
  /** what the log of changes shows: an e-mail address, a key's prefix, `first start` */
  label: string;
  /** the person behind it; null for the host itself */
  user_id: string | null;
  /** may act for every publisher (an operator of the site, or the host) */
  is_operator: boolean;
}

/** What a trial load found inside a script. */
export interface Inspection {
  manifest: unknown;
  /** `connect`, `actions.create_issue`, `streams.issues` … */
  handlers: string[];
}

/** A key pair of this host: checkpoints and first-party packages are signed with it. */
export interface HostKey {
  key_id: string;
  /** raw Ed25519 key, base64 */
  public_key: string;
  /** PKCS#8, PEM */
  private_key: string;
}

/** An answer of a remote registry. */
export interface FetchedBytes {
  status: number;
  body: Buffer;
}

/** What the registry needs from outside. It knows no project, no sandbox, no HTTP. */
export interface Parts {
  /**
   * Loads a script once, in a process of its own, and says what it holds.
   *
   * @throws Failure `service_unavailable` when nothing can be loaded now: then nothing is published
   */
  load(image: { name: string; version: string; script: string }): Promise<Inspection>;
  /** Reads from a remote registry. */
  fetch(url: string, max_bytes: number): Promise<FetchedBytes>;
  /** Milliseconds since 1970. */
  clock(): number;
  /** Called inside the transaction of every change, with its entry: for audit and news. */
  recorded(entry: LogEntry, actor: Actor, more: { reason?: string }): Promise<void>;
  key: HostKey;
  /** Version of this host, for `engines.patchbay`. */
  host_version: string;
  /** Name of this registry in its checkpoints: its address. */
  origin: string;
}
