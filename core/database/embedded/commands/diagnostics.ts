import { randomUUID } from 'node:crypto';
import { arch, hostname, platform } from 'node:os';
import { Binary, ObjectId } from 'bson';
import { CommandError, unsupported } from '../errors.ts';
import { planOf, type Query, search } from '../query/search.ts';
import type { Access } from '../storage/access.ts';
import type { Collection } from '../storage/catalog.ts';
import { SESSION_MS } from '../transactions/sessions.ts';
import { type Document, isDocument } from '../values/document.ts';
import { MAX_DOCUMENT } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { MAX_MESSAGE } from '../wire/message.ts';
import { queryOf, showPlan } from './find.ts';
import { type Command, existing, type Request } from './request.ts';

/** The name of the replica set whose one member this is: drivers use sessions and transactions with a replica set only. */
export const REPLICA_SET = 'patchbay';

/** The MongoDB version whose behaviour is meant. */
const VERSION = '8.0.4';

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

/** The `explain` command, for what reads (manual: reference/command/explain). */
export const explain: Command = (request) => {
  const { explain: inner } = request.command;
  if (!isDocument(inner)) throw new CommandError(14, "BSON field 'explain' is the wrong type, expected type 'object'");
  const [name = ''] = Object.keys(inner);
  const [first] = Array.isArray(inner.pipeline) ? inner.pipeline : [];
  const [statement] = Array.isArray(inner.updates) ? inner.updates : Array.isArray(inner.deletes) ? inner.deletes : [];
  const filter =
    isDocument(first) && isDocument(first.$match) ? first.$match : isDocument(statement) ? statement.q : undefined;
  if (!['find', 'count', 'distinct', 'aggregate', 'findAndModify', 'update', 'delete'].includes(name))
    throw unsupported(`explain of ${name.slice(0, 40)}`);
  const query = queryOf({ ...inner, ...(isDocument(filter) && { filter }) }, 0);
  const collection = existing({ ...request, command: inner, name });
  const winningPlan: Document = collection ? showPlan(planOf(collection, query)) : { stage: 'EOF' };
  const wantsCounts = request.command.verbosity !== 'queryPlanner';
  const executionStats = wantsCounts && collection ? statistics(request, collection, query) : undefined;
  const namespace = `${request.database}.${inner[name]}`;
  const queryPlanner = { namespace, parsedQuery: query.filter, winningPlan, rejectedPlans: [] };
  return {
    explainVersion: '1',
    queryPlanner,
    ...(executionStats && { executionStats }),
    command: { ...inner, $db: request.database },
    serverInfo: { host: hostname(), version: VERSION },
    ok: 1,
  };
};

/** A command that has an option `explain` of its own, as `aggregate` does. */
export function orExplained(command: Command): Command {
  return (request) => {
    const { explain: wanted, ...inner } = request.command;
    if (!isTruthy(wanted)) return command(request);
    return explain({ ...request, name: 'explain', command: { explain: inner, verbosity: 'queryPlanner' } });
  };
}

/** Runs a query for `explain` and counts what it read and found. */
function statistics(request: Request, collection: Collection, query: Query): Document {
  let totalDocsExamined = 0;
  let nReturned = 0;
  const counting: Access = {
    ...request.engine.direct,
    *scan(...of) {
      for (const chunk of request.engine.direct.scan(...of)) {
        totalDocsExamined += chunk.length;
        yield chunk;
      }
    },
  };
  const start = performance.now();
  for (const chunk of search(counting, collection, query)) nReturned += chunk.length;
  const stage = showPlan(planOf(collection, query));
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: Math.round(performance.now() - start),
    totalKeysExamined: stage.stage === 'COLLSCAN' ? 0 : totalDocsExamined,
    totalDocsExamined,
    executionStages: { ...stage, nReturned },
  };
}

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
