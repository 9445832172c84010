import { randomUUID } from 'node:crypto';
import { arch, hostname, platform } from 'node:os';
import { Binary, ObjectId } from 'bson';
import { SESSION_MS } from '../transactions/sessions.ts';
import { MAX_DOCUMENT } from '../values/encode.ts';
import { MAX_MESSAGE } from '../wire/message.ts';
import type { Command } from './request.ts';

/** The name of the replica set whose one member this is: drivers use sessions and transactions with a replica set only. */
export const REPLICA_SET = 'patchbay';

/** The MongoDB version whose behaviour is meant. */
export const VERSION = '8.0.4';

/** The wire version of MongoDB 8.0. */
const WIRE_VERSION = 25;

const processId = new ObjectId();

/** The `hello` command (manual: reference/command/hello), without `topologyVersion`: clients ask again, none waits in a stream. */
export const hello: Command = ({ engine, connection, name }) => ({
  ...(name === 'hello' ? {} : { ismaster: true }),
  helloOk: true,
  isWritablePrimary: true,
  setName: REPLICA_SET,
  setVersion: 1,
  electionId: processId,
  secondary: false,
  hosts: [engine.address],
  primary: engine.address,
  me: engine.address,
  maxBsonObjectSize: MAX_DOCUMENT,
  maxMessageSizeBytes: MAX_MESSAGE,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: SESSION_MS / 60_000,
  connectionId: connection.id,
  minWireVersion: 0,
  maxWireVersion: WIRE_VERSION,
  readOnly: false,
  ok: 1,
});

/** The `buildInfo` command. */
export const buildInfo: Command = () => ({
  version: VERSION,
  versionArray: [...VERSION.split('.').map(Number), 0],
  gitVersion: 'patchbay-embedded',
  modules: [],
  bits: 64,
  maxBsonObjectSize: MAX_DOCUMENT,
  storageEngines: ['sqlite'],
  ok: 1,
});

/** The `serverStatus` command: what there is to say. */
export const serverStatus: Command = ({ engine }) => {
  const uptime = (Date.now() - engine.startedAt.getTime()) / 1000;
  return {
    host: hostname(),
    version: VERSION,
    process: 'patchbay',
    pid: BigInt(process.pid),
    uptime,
    localTime: new Date(),
    metrics: { cursor: { open: { total: engine.cursors.size } } },
    transactions: { currentOpen: engine.sessions.open },
    mem: { resident: Math.round(process.memoryUsage.rss() / 1048576) },
    storageEngine: { name: 'sqlite', persistent: true, supportsCommittedReads: true },
    repl: { setName: REPLICA_SET, isWritablePrimary: true, hosts: [engine.address], me: engine.address },
    ok: 1,
  };
};

/** Commands that only say something small. */
export const SMALL: Readonly<Record<string, Command>> = {
  ping: () => ({ ok: 1 }),
  whatsmyuri: ({ connection }) => ({ you: `client:${connection.id}`, ok: 1 }),
  connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  getCmdLineOpts: () => ({ argv: ['patchbay'], parsed: {}, ok: 1 }),
  getParameter: () => ({ featureCompatibilityVersion: { version: '8.0' }, ok: 1 }),
  getLog: () => ({ totalLinesWritten: 0, log: [], ok: 1 }),
  hostInfo: () => ({
    system: { currentTime: new Date(), hostname: hostname(), cpuArch: arch() },
    os: { type: platform() },
    ok: 1,
  }),
  replSetGetStatus: ({ engine }) => ({
    set: REPLICA_SET,
    myState: 1,
    members: [{ _id: 0, name: engine.address, health: 1, state: 1, stateStr: 'PRIMARY', self: true }],
    ok: 1,
  }),
  startSession: () => ({
    id: { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), 4) },
    timeoutMinutes: SESSION_MS / 60_000,
    ok: 1,
  }),
  refreshSessions: () => ({ ok: 1 }),
  // Nobody but the holder of the address's secret logs in here, and that is no user of a database.
  usersInfo: () => ({ users: [], ok: 1 }),
};
