// A receiver in a process of its own, for test/bench/webhooks.ts (it lies here because every file in test/bench is a benchmark): answers at once, but never under /hang.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((message, response) => {
  message.resume();
  message.on('end', () => {
    if (!message.url?.startsWith('/hang')) response.end('ok');
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
