import type { Document, MongoClient } from 'mongodb';
import type { Entities } from './entities.ts';
import { type Difference, differenceOf } from './matches.ts';

/** An event that a client gave, under the name that the format has for it. */
export type SeenEvent = { type: string; event: Document };

/** The driver's names of events by those of the format. */
const EVENTS: Record<string, string> = {
  commandStartedEvent: 'commandStarted',
  commandSucceededEvent: 'commandSucceeded',
  commandFailedEvent: 'commandFailed',
  poolCreatedEvent: 'connectionPoolCreated',
  poolReadyEvent: 'connectionPoolReady',
  poolClearedEvent: 'connectionPoolCleared',
  poolClosedEvent: 'connectionPoolClosed',
  connectionCreatedEvent: 'connectionCreated',
  connectionReadyEvent: 'connectionReady',
  connectionClosedEvent: 'connectionClosed',
  connectionCheckOutStartedEvent: 'connectionCheckOutStarted',
  connectionCheckOutFailedEvent: 'connectionCheckOutFailed',
  connectionCheckedOutEvent: 'connectionCheckedOut',
  connectionCheckedInEvent: 'connectionCheckedIn',
  serverDescriptionChangedEvent: 'serverDescriptionChanged',
  topologyDescriptionChangedEvent: 'topologyDescriptionChanged',
  serverHeartbeatStartedEvent: 'serverHeartbeatStarted',
  serverHeartbeatSucceededEvent: 'serverHeartbeatSucceeded',
  serverHeartbeatFailedEvent: 'serverHeartbeatFailed',
};

/** Which events belong together; a case expects those of one kind. */
const KINDS: Record<string, RegExp> = {
  command: /^command/,
  cmap: /^(pool|connection)/,
  sdam: /^(server|topology)/,
};

const SENSITIVE = /^(authenticate|saslStart|saslContinue|getnonce|createUser|updateUser|copydb.*)$/;

/** Watches a client; without `observeEvents` nothing is kept but what the runner itself asks for. */
export function watchEvents(
  client: MongoClient,
  given: Document,
  entities: Entities,
): { events: SeenEvent[]; checkedOut: () => number } {
  const events: SeenEvent[] = [];
  const ignored = new Set<string>(['configureFailPoint', ...(given.ignoreCommandMonitoringEvents ?? [])]);
  const emitter = client as unknown as { on: (name: string, listener: (event: Document) => void) => void };
  const isKept = ({ commandName, command, reply }: Document): boolean => {
    if (commandName === undefined) return true;
    // The driver empties what is secret: of a hello, only the one that tries to log in is.
    const redacted = Object.keys(command ?? reply ?? {}).length === 0;
    const sensitive = SENSITIVE.test(commandName) || (/^(hello|ismaster)$/i.test(commandName) && redacted);
    return !ignored.has(commandName) && (given.observeSensitiveCommands || !sensitive);
  };
  for (const type of given.observeEvents ?? []) {
    const name = EVENTS[type];
    if (!name) throw new Error(`The runner does not know ${type}`);
    emitter.on(name, (event) => {
      if (isKept(event)) events.push({ type, event: asItIs(event) });
    });
  }
  for (const { id, events: types } of given.storeEventsAsEntities ?? []) {
    const kept: Document[] = [];
    entities.set(id, kept);
    for (const type of types) {
      const name = EVENTS[type[0].toLowerCase() + type.slice(1)];
      if (name) emitter.on(name, (event) => kept.push({ ...event, name: type, observedAt: Date.now() / 1000 }));
    }
  }
  let out = 0;
  emitter.on('connectionCheckedOut', () => out++);
  emitter.on('connectionCheckedIn', () => out--);
  return { events, checkedOut: () => out };
}

/** An event whose read concern the driver does not change later, when it sends the same object again. */
function asItIs(event: Document): Document {
  const { command } = event;
  if (!command?.readConcern) return event;
  return { ...event, command: { ...command, readConcern: { ...command.readConcern } } };
}

/** What differs between the events that a case expects of a client and those that were seen. */
export function eventsDifference(expected: Document, seen: SeenEvent[], entities: Entities): Difference {
  const kind = expected.eventType ?? 'command';
  const events = seen.filter(({ type }) => KINDS[kind]?.test(type));
  const list: Document[] = expected.events;
  if (events.length < list.length || (events.length > list.length && !expected.ignoreExtraEvents)) {
    const names = events.map(({ type, event }) => `${type} ${event.commandName ?? ''}`.trim()).join(', ');
    return `${list.length} ${kind} events are expected, there were ${events.length}: ${names}`;
  }
  for (const [at, one] of list.entries()) {
    const [[type = '', fields] = []] = Object.entries(one);
    const difference = eventDifference(type, fields, events[at] as SeenEvent, entities);
    if (difference) return `event ${at}: ${difference}`;
  }
  return undefined;
}

/** What differs between one expected event and one that was seen. */
export function eventDifference(type: string, expected: Document, seen: SeenEvent, entities: Entities): Difference {
  if (seen.type !== type)
    return `${seen.type} ${seen.event.commandName ?? ''} instead of ${type} ${JSON.stringify(expected)}`;
  const { hasServiceId, hasServerConnectionId, command, reply, ...rest } = expected;
  const { event } = seen;
  if (hasServiceId !== undefined && hasServiceId !== (event.serviceId != null)) return 'serviceId';
  if (hasServerConnectionId !== undefined && hasServerConnectionId !== (event.serverConnectionId != null)) {
    return 'serverConnectionId';
  }
  const expectations = { ...rest, ...(command && { command }), ...(reply && { reply }) };
  for (const [name, value] of Object.entries(expectations)) {
    const difference = differenceOf(
      value,
      name === 'command' ? asInFiles(event, command) : event[name],
      entities,
      name,
    );
    if (difference) return difference;
  }
  return undefined;
}

/**
 * A command as the files have it, which are those of the driver for Go and older than the driver here. A commit or an abort
 * that is sent again waits at most ten seconds for the majority, as the specification of transactions says: Go does not
 * wait. And this driver asks for writes after what
 * the session has read, as for reads.
 */
function asInFiles({ command }: Document, expected: Document): Document {
  const { writeConcern, readConcern, ...rest } = command ?? {};
  const ends = command?.commitTransaction ?? command?.abortTransaction;
  const waits = ends && writeConcern?.wtimeout === 10_000 && expected.writeConcern?.wtimeout === undefined;
  const isWrite = ['insert', 'update', 'delete', 'findAndModify'].some((name) => name in command);
  const isAfter = isWrite && command.autocommit === undefined && Object.keys(readConcern ?? {}).join() === AFTER;
  const { wtimeout, ...concern } = writeConcern ?? {};
  return {
    ...rest,
    ...(writeConcern && { writeConcern: waits ? concern : writeConcern }),
    ...(readConcern && !(isAfter && expected.readConcern?.$$exists === false) && { readConcern }),
  };
}

const AFTER = 'afterClusterTime';
