// A receiver in a process of its own, for test/bench/webhooks.ts (it lies here because every file in test/bench is a benchmark).
// /hang is never answered, until /release; /stream and /drip never end; /bomb unpacks to 200 MiB; the others are answered
// at once. /late tells how many ms after `data.sent_at` each event of a type came, and forgets them.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const bomb = gzipSync(Buffer.alloc(200 * 2 ** 20));
const hanging = new Set<ServerResponse>();
let late: number[] = [];

const server = createServer((message, response) => {
  const now = Date.now();
  const path = message.url ?? '';
  const chunks: Buffer[] = [];
  message.on('data', (chunk) => chunks.push(chunk));
  message.on('end', () => {
    if (path.startsWith('/hang')) {
      hanging.add(response);
      response.once('close', () => hanging.delete(response));
    } else if (path === '/release') {
      for (const one of hanging) one.destroy();
      response.end();
    } else if (path === '/late') {
      response.end(JSON.stringify(late));
      late = [];
    } else if (path.startsWith('/stream')) {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    } else if (path.startsWith('/bomb')) {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    } else if (path.startsWith('/drip')) {
      response.write('x'.repeat(60_000));
      const timer = setInterval(() => response.write('.'), 1000);
      response.once('close', () => clearInterval(timer));
    } else {
      response.end('ok');
      const { sent_at } = path.startsWith('/timed') ? JSON.parse(Buffer.concat(chunks).toString()).data : {};
      if (sent_at) late.push(now - sent_at);
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
