import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What Node's parser refuses, by its code. */
const refusals: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The headers are larger than 16 KB.',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request came too slowly: 10 s are given for its headers, 120 s for all of it.',
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
 * @throws Error with `code` `EADDRINUSE`, `EACCES` …, or when a PEM file cannot be read
 */
export async function listen(
  handler: RequestListener,
  options: { port: number; host: string; tls_cert: string | null; tls_key: string | null },
): Promise<Listening> {
  const limits = {
    headersTimeout: 10_000,
    requestTimeout: 120_000,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16_384,
    // How often slow ones are looked for; Node's own half minute would let them sit that much longer.
    connectionsCheckingInterval: 2_000,
  };
  const server: Server =
    options.tls_cert && options.tls_key
      ? createTlsServer(
          { ...limits, cert: readFileSync(options.tls_cert), key: readFileSync(options.tls_key) },
          handler,
        )
      : createServer(limits, handler);
  server.maxConnections = 4096;
  // A request that Node's parser refuses still gets the envelope.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const msg = refusals[error.code ?? ''] ?? 'The request is not valid HTTP.';
    const body = JSON.stringify({ code: 'F40000', msg, content: {} });
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
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
