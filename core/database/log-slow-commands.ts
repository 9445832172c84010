import type { MongoClient } from 'mongodb';
import type { Logger } from 'pino';

/** Commands that wait by design, or that nobody asked for. */
const quiet = new Set(['hello', 'ismaster', 'ping', 'endSessions']);

/**
 * Logs every command that takes at least `slowMs` milliseconds: its name, its collection and the names of the fields that
 * it filters by, never their values, which may be secret.
 * @returns a function that ends the logging
 */
export function logSlowCommands(client: MongoClient, log: Logger, slowMs: number): () => void {
  const underWay = new Map<string, Record<string, unknown>>();
  const key = ({ connectionId, requestId }: { connectionId?: unknown; requestId: number }) =>
    `${connectionId} ${requestId}`;
  const started = (event: { requestId: number; commandName: string; command: Record<string, unknown> }) => {
    if (!quiet.has(event.commandName)) underWay.set(key(event), event.command);
  };
  const ended = (event: { requestId: number; commandName: string; duration: number }) => {
    const command = underWay.get(key(event));
    underWay.delete(key(event));
    if (!command || event.duration < slowMs) return;
    log.warn(
      {
        command: event.commandName,
        collection: command[event.commandName],
        fields: filterFields(command),
        ms: Math.round(event.duration),
      },
      'slow database command',
    );
  };
  client.on('commandStarted', started);
  client.on('commandSucceeded', ended);
  client.on('commandFailed', ended);
  return () => {
    client.off('commandStarted', started);
    client.off('commandSucceeded', ended);
    client.off('commandFailed', ended);
  };
}

function filterFields(command: Record<string, unknown>): string[] {
  const { filter, query, updates, deletes, pipeline } = command as Record<
    string,
    Record<string, unknown>[] & Record<string, unknown>
  >;
  const shape = filter ?? query ?? updates?.[0]?.q ?? deletes?.[0]?.q ?? pipeline?.[0]?.$match;
  return typeof shape === 'object' && shape !== null ? Object.keys(shape) : [];
}
