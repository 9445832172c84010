import { lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { EgressError } from './egress-error.ts';
import { judgeAddress } from './judge-address.ts';

/** Answers a name with all its addresses, as `dns.lookup(name, { all: true })` does. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

/** Client certificate and authority of one credential; PEM texts. */
export interface Tls {
  ca?: string;
  cert?: string;
  key?: string;
  server_name?: string;
}

export const systemResolve: Resolve = (host) =>
  new Promise((resolve, reject) =>
    systemLookup(host, { all: true, verbatim: true }, (error, found) => (error ? reject(error) : resolve(found))),
  );

/** The latest connection with an origin, for logs. */
export interface Line {
  address: string;
  /** when it stood, on the monotonic clock, and how long that took with resolving and TLS */
  at: number;
  took_ms: number;
}

/** Lines by origin. */
export type Lines = Map<string, Line>;

/**
 * An undici agent that connects only where it may: every address a name resolves to is judged (one bad one refuses
 * all, so that a name cannot alternate), and so is the address that the socket ends up with.
 */
export function guardedAgent(options: { allow: readonly string[]; resolve: Resolve; tls?: Tls; lines: Lines }): Agent {
  const { allow, resolve, tls, lines } = options;
  const connect = buildConnector({
    timeout: 10_000,
    allowH2: false,
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    lookup(hostname, wanted, callback) {
      judgedLookup(hostname, resolve, allow).then(
        (found) => {
          const first = found[0] as { address: string; family: number };
          if (wanted.all) callback(null, found);
          else callback(null, first.address, first.family);
        },
        (error: Error) => callback(error, '', 0),
      );
    },
  });
  return new Agent({
    allowH2: false,
    connections: 128,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    connect(target, callback) {
      const begun = performance.now();
      connect(tls?.server_name ? { ...target, servername: tls.server_name } : target, (error, socket) => {
        if (error || !socket) return callback(error ?? new Error('no socket'), null);
        const address = socket.remoteAddress ?? '';
        const objection = judgeAddress(address, allow);
        if (objection) {
          socket.destroy();
          return callback(refused(target.hostname, address, objection), null);
        }
        const at = performance.now();
        lines.set(`${target.protocol}//${target.host ?? target.hostname}`, { address, at, took_ms: at - begun });
        if (lines.size > 5_000) lines.delete(lines.keys().next().value as string);
        return callback(null, socket);
      });
    },
  });
}

async function judgedLookup(host: string, resolve: Resolve, allow: readonly string[]) {
  let found: { address: string; family: number }[];
  try {
    found = await resolve(host);
  } catch (cause) {
    throw new EgressError('dns_failed', `The name ${JSON.stringify(host)} could not be resolved`, { cause });
  }
  if (found.length === 0) throw new EgressError('dns_failed', `The name ${JSON.stringify(host)} has no address`);
  for (const { address } of found) {
    const objection = judgeAddress(address, allow);
    if (objection) throw refused(host, address, objection);
  }
  return found.map(({ address }) => ({ address, family: isIP(address) }));
}

function refused(host: string, address: string, objection: string): EgressError {
  return new EgressError(
    'address_refused',
    `${JSON.stringify(host)} leads to ${address}, which may not be called: ${objection}. An operator can open it with PATCHBAY_EGRESS_ALLOW`,
    { address },
  );
}
