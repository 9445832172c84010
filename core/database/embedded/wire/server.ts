import { createServer, type Server, type Socket } from 'node:net';
import { answer, type EngineLog } from '../answer.ts';
import type { ClientConnection } from '../commands/request.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { encode } from '../values/encode.ts';
import { type Incoming, MAX_MESSAGE, readMessage, writeReply } from './message.ts';

/** Serves the wire protocol to clients; `stop` answers what is at work and ends the connections. */
export type WireServer = { server: Server; stop: () => Promise<void> };

/** Makes a server for an engine; the caller lets it listen. */
export function createWireServer(engine: Engine, log: EngineLog): WireServer {
  const sockets = new Map<Socket, Promise<void>>();
  let lastId = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const connection = serve(engine, socket, { id: ++lastId, loggedIn: engine.login === undefined }, log);
    sockets.set(socket, connection);
    connection.finally(() => sockets.delete(socket));
  });
  return {
    server,
    async stop() {
      server.close();
      for (const socket of sockets.keys()) socket.end();
      const grace = new Promise((resolve) => setTimeout(resolve, 2000).unref());
      await Promise.race([Promise.all(sockets.values()), grace]);
      for (const socket of sockets.keys()) socket.destroy();
    },
  };
}

/** Answers the messages of one connection in their order, until it ends. */
async function serve(engine: Engine, socket: Socket, client: ClientConnection, log: EngineLog): Promise<void> {
  // A client that goes away is no event worth more than the end of its connection.
  socket.on('error', () => socket.destroy());
  let held: Buffer[] = [];
  let size = 0;
  try {
    for await (const data of socket as AsyncIterable<Buffer>) {
      held.push(data);
      size += data.length;
      while (size >= 4) {
        const first = held[0] as Buffer;
        if (first.length < 4) held = [Buffer.concat(held)];
        const length = (held[0] as Buffer).readInt32LE(0);
        if (length < 16 || length > MAX_MESSAGE) {
          log.error(
            { length, connectionId: client.id },
            'a client sent a message of an impossible length; its connection is closed',
          );
          return void socket.destroy();
        }
        if (size < length) break;
        const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
        held = all.length > length ? [all.subarray(length)] : [];
        size -= length;
        await respond(engine, socket, all.subarray(0, length), client, log);
      }
    }
  } catch (error) {
    if (!socket.destroyed) log.error({ err: error, connectionId: client.id }, 'a database connection failed');
  }
  socket.destroy();
}

async function respond(
  engine: Engine,
  socket: Socket,
  message: Buffer,
  client: ClientConnection,
  log: EngineLog,
): Promise<void> {
  let incoming: Incoming;
  try {
    incoming = readMessage(message);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const reply = encode({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName });
    for (const part of writeReply(reply, { requestId: message.readInt32LE(4), legacy: false })) socket.write(part);
    return;
  }
  const reply = await answer(engine, incoming, client, log);
  if (!incoming.answered || socket.destroyed) return;
  socket.cork();
  for (const part of writeReply(reply, incoming)) socket.write(part);
  socket.uncork();
}
