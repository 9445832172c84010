import { createServer, type Server, type Socket } from 'node:net';
import { answer, type EngineLog, refuseAtShutdown } from '../answer.ts';
import type { ClientConnection } from '../commands/request.ts';
import type { Engine } from '../engine.ts';
import { CommandError } from '../errors.ts';
import { encode } from '../values/encode.ts';
import { ClusterTime } from './cluster-time.ts';
import { type Incoming, MAX_MESSAGE, readMessage, writeReply } from './message.ts';

/** Serves the wire protocol to clients; `stop` answers what is at work and ends the connections. */
export type WireServer = { server: Server; stop: () => Promise<void> };

/** What a connection is doing: one that has nothing to do is ended at once when the server stops. */
type Connection = { client: ClientConnection; busy: boolean; ended: Promise<void> };

/** What all connections of a server share. */
type ServerState = { stopping: boolean; times: ClusterTime };

/** For how long `stop` waits for what is at work, in milliseconds. */
const GRACE_MS = 2000;

/** Makes a server for an engine; the caller lets it listen. */
export function createWireServer(engine: Engine, log: EngineLog): WireServer {
  const connections = new Map<Socket, Connection>();
  const state = { stopping: false, times: new ClusterTime(engine.changes) };
  let lastId = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const client: ClientConnection = { id: ++lastId, loggedIn: engine.login === undefined };
    const connection: Connection = { client, busy: false, ended: Promise.resolve() };
    connections.set(socket, connection);
    connection.ended = serve(engine, socket, connection, state, log).finally(() => connections.delete(socket));
  });
  return {
    server,
    async stop() {
      state.stopping = true;
      engine.cursors.stopWaiting();
      server.close();
      for (const [socket, { busy }] of connections) if (!busy) socket.end();
      const ended = Promise.all([...connections.values()].map((connection) => connection.ended));
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref())]);
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

/** Answers the messages of one connection in their order, until it ends. */
async function serve(
  engine: Engine,
  socket: Socket,
  connection: Connection,
  state: ServerState,
  log: EngineLog,
): Promise<void> {
  const { client } = connection;
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
        connection.busy = true;
        await respond(engine, socket, all.subarray(0, length), client, state, log);
        connection.busy = false;
      }
      if (state.stopping && !socket.writableEnded) socket.end();
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
  { stopping, times }: ServerState,
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
  const reply = stopping ? refuseAtShutdown(incoming.command) : await answer(engine, incoming, client, log);
  if (!incoming.answered || socket.destroyed || socket.writableEnded) return;
  socket.cork();
  const more = client.loggedIn && !incoming.legacy ? times.fields() : undefined;
  for (const part of writeReply(reply, incoming, more)) socket.write(part);
  socket.uncork();
}
