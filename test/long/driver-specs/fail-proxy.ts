import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Document } from 'mongodb';
import { FailPoints, type Failure } from './fail-points.ts';
import { type Asked, messagesOf, readReply, readRequest, writeReply } from './wire.ts';

/** A server in front of the engine that fails commands as `configureFailPoint` says; the engine has no such command. */
export type FailProxy = { host: string; points: FailPoints; close: () => Promise<void> };

/**
 * Starts it on a free port of 127.0.0.1.
 * @param engine - the path of the engine's Unix socket; in its answers to `hello` the proxy's own address stands
 */
export async function startFailProxy(engine: string): Promise<FailProxy> {
  const points = new FailPoints();
  const sockets = new Set<Socket>();
  /** The time of the engine as the last reply told it: an error that is made here has it, too. */
  let times: Document = {};
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect(engine);
    const close = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', close);
      socket.on('close', () => {
        sockets.delete(socket);
        close();
      });
    }
    const waiting = new Map<number, Failure | undefined>();
    let appName: unknown;
    let turn = Promise.resolve();

    async function pass(message: Buffer): Promise<void> {
      const asked = readRequest(message);
      appName = asked.command.client?.application?.name ?? appName;
      const failure = points.failureOf(asked.command, appName);
      if (failure?.blockMS) await pause(failure.blockMS);
      if (failure?.close === 'before') return close();
      if (failure?.reply) return answer(asked, failure.reply);
      if (asked.answered) waiting.set(asked.requestId, failure);
      upstream.write(message);
    }
    function answer(asked: Asked, reply: Document): void {
      if (asked.answered) client.write(writeReply(asked.requestId, asked.legacy, { ...reply, ...times }));
    }
    client.on(
      'data',
      messagesOf((message) => {
        turn = turn.then(() => pass(message)).catch(close);
      }),
    );
    upstream.on(
      'data',
      messagesOf((message) => {
        const { responseTo, legacy, reply } = readReply(message);
        const failure = waiting.get(responseTo);
        waiting.delete(responseTo);
        if (reply.operationTime) times = { operationTime: reply.operationTime, $clusterTime: reply.$clusterTime };
        if (failure?.close === 'after') return close();
        if (reply.setName) Object.assign(reply, { hosts: [host], me: host, primary: host });
        else if (failure?.writeConcernError) Object.assign(reply, ofWriteConcern(failure));
        else return void client.write(message);
        client.write(writeReply(responseTo, legacy, reply));
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    points,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function ofWriteConcern({ writeConcernError, labels = [] }: Failure): Document {
  return { writeConcernError, ...(labels.length > 0 && { errorLabels: labels }) };
}
