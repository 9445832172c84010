import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createSecureContext } from 'node:tls';

/** How slow a client may be, and how many there may be at once. */
const patience = {
  headersTimeout: 10_000,
  requestTimeout: 120_000,
  keepAliveTimeout: 10_000,
  /** ms that a TLS handshake may take; Node's own two minutes would let silent clients fill the places */
  handshakeTimeout: 10_000,
  /** how often slow ones are looked for; Node's own half minute would let them sit that much longer */
  connectionsCheckingInterval: 2_000,
  maxConnections: 4096,
};

const tooSlow = 'ERR_HTTP_REQUEST_TIMEOUT';

/** What Node's parser refuses, by its code. */
const refusals: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The headers are larger than 16 KB.',
  [tooSlow]: 'The request came too slowly: 10 s are given for its headers, 120 s for all of it.',
};

export interface Listening {
  /** the port that it listens on, also when 0 was asked */
  port: number;
  /** Takes no new connection, lets what is in flight end until the deadline (ms), then cuts it. */
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Listens for HTTP, or HTTPS with a certificate. Slow headers and slow requests are cut (Slowloris), connections capped.
 *
 * @param less patience than usual, for those who test it
 * @throws Error with `code` `EADDRINUSE`, `EACCES` …, or naming the variable when a PEM file cannot be read or used
 */
export async function listen(
  handler: RequestListener,
  options: { port: number; host: string; tls_cert: string | null; tls_key: string | null },
  less: Partial<typeof patience> = {},
): Promise<Listening> {
  const { maxConnections, ...times } = { ...patience, ...less };
  const limits = { ...times, maxHeaderSize: 16_384 };
  const { tls_cert, tls_key } = options;
  const server: Server =
    tls_cert && tls_key
      ? createTlsServer({ ...limits, ...readPair(tls_cert, tls_key) }, handler)
      : createServer(limits, handler);
  server.maxConnections = maxConnections;
  // A request that Node's parser refuses still gets the envelope.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const isSlow = error.code === tooSlow;
    // Browsers open connections ahead: what is said on one without a request would be read as the answer to its first.
    if (isSlow && (socket as Socket).bytesRead === 0) return void socket.destroy();
    // Not 400, which is final: after 408 a client may send the request again (RFC 9110, section 15.5.9).
    const status = isSlow ? '408 Request Timeout' : '400 Bad Request';
    const msg = refusals[error.code ?? ''] ?? 'The request is not valid HTTP.';
    const body = JSON.stringify({ code: 'F40000', msg, content: {} });
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: (deadlineMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
        // A connection becomes idle when what was in flight on it is answered; kept alive it would hold the stop up.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
      }),
  };
}

/** @throws Error naming the variable whose file cannot be read, or both when certificate and key are no pair */
function readPair(tls_cert: string, tls_key: string): { cert: Buffer; key: Buffer } {
  const pair = { cert: readPem('PATCHBAY_TLS_CERT', tls_cert), key: readPem('PATCHBAY_TLS_KEY', tls_key) };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new Error(
      `PATCHBAY_TLS_CERT (${tls_cert}) and PATCHBAY_TLS_KEY (${tls_key}) are not a certificate and its private key in PEM: ${(cause as Error).message}`,
      { cause },
    );
  }
  return pair;
}

function readPem(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new Error(`${variable} names a file that cannot be read: ${(cause as Error).message}`, { cause });
  }
}
