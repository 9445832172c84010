import { hostname } from 'node:os';
import { CommandError, cut, unsupported } from '../errors.ts';
import type { Plan } from '../query/plan.ts';
import { planOf, type Query, search } from '../query/search.ts';
import type { Access } from '../storage/access.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { compileUpdate, type Update } from '../update/compile-update.ts';
import { completeCollation } from '../values/collation.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy, toNumber } from '../values/types.ts';
import { leadingQuery } from './aggregate.ts';
import { addDefaultCollation } from './default-collation.ts';
import { VERSION } from './diagnostics.ts';
import { queryOf } from './find.ts';
import {
  type Command,
  collectionName,
  collectionNamed,
  documentField,
  documentsField,
  type Request,
} from './request.ts';

/** What a command would do: find, show or change what it found, and do the rest of its pipeline. */
type Work = { query: Query; projection?: Document; write?: 'UPDATE' | 'DELETE'; change?: Update; rest?: Document[] };

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

/** The `explain` command (manual: reference/command/explain, reference/explain-results). Nothing is written by it. */
export const explain: Command = (request) => {
  const { explain: inner, verbosity = 'allPlansExecution' } = request.command;
  if (!isDocument(inner)) throw new CommandError(14, "BSON field 'explain' is the wrong type, expected type 'object'");
  if (!VERBOSITIES.includes(verbosity as string))
    throw new CommandError(
      2,
      `Enumeration value '${cut(verbosity)}' for field 'explain.verbosity' is not a valid value.`,
    );
  const [name = ''] = Object.keys(inner);
  const workOf = Object.hasOwn(WORK, name) ? WORK[name] : undefined;
  if (!workOf) throw unsupported(`explain of ${cut(name, 40)}`);
  const explained = { ...request, command: inner, name };
  if (typeof inner[name] !== 'string') throw unsupported(`explain of ${name} without a collection`);
  addDefaultCollation(explained);
  const collection = collectionNamed(explained, collectionName(explained));
  if (collection && isView(collection)) throw unsupported('explain of a view');
  const work = workOf(explained);
  const { query, rest = [] } = work;
  const plan = collection && planOf(collection, query);
  const winningPlan = stagesOf(name, work, plan);
  const namespace = `${request.database}.${inner[name]}`;
  const collation = completeCollation(collationIn(inner));
  const planned = {
    queryPlanner: {
      namespace,
      parsedQuery: query.filter,
      ...(collation && { collation }),
      winningPlan,
      rejectedPlans: [],
    },
    ...(verbosity !== 'queryPlanner' && { executionStats: statistics(request, collection, work, winningPlan, plan) }),
  };
  return {
    explainVersion: '1',
    ...(rest.length ? { stages: [{ $cursor: planned }, ...rest] } : planned),
    command: { ...inner, $db: request.database },
    serverInfo: { host: hostname(), version: VERSION },
    ok: 1,
  };
};

/** The collation of a command, or of the one statement that is explained. */
function collationIn({ collation, updates, deletes }: Document): Value {
  const [statement] = [updates, deletes].flat().filter(isDocument);
  return statement ? statement.collation : collation;
}

/** A command that has an option `explain` of its own, as `aggregate` does. */
export function orExplained(command: Command): Command {
  return (request) => {
    const { explain: wanted, ...inner } = request.command;
    if (!isTruthy(wanted)) return command(request);
    return explain({ ...request, name: 'explain', command: { explain: inner, verbosity: 'queryPlanner' } });
  };
}

const WORK: Readonly<Record<string, (request: Request) => Work>> = {
  find: ({ command }) => ({
    query: queryOf(command, Math.abs(toNumber(command.limit ?? 0))),
    projection: documentField(command, 'projection'),
  }),
  count: ({ command }) => ({ query: queryOf(command, Math.abs(toNumber(command.limit ?? 0))) }),
  distinct: ({ command }) => ({ query: queryOf(command, 0) }),
  findAndModify({ command }) {
    const found = { query: queryOf(command, 1), projection: documentField(command, 'fields') };
    if (isTruthy(command.remove)) return { ...found, write: 'DELETE' };
    return { ...found, write: 'UPDATE', change: changeOf(found.query, command.update, command) };
  },
  update({ command }) {
    const { q, u, multi, ...options } = documentsField(command, 'updates')[0] ?? {};
    const query = queryOf({ ...options, filter: q }, isTruthy(multi) ? 0 : 1);
    return { query, write: 'UPDATE', change: changeOf(query, u, options) };
  },
  delete({ command }) {
    const { q, limit, ...options } = documentsField(command, 'deletes')[0] ?? {};
    return { query: queryOf({ ...options, filter: q }, toNumber(limit)), write: 'DELETE' };
  },
  aggregate(request) {
    const { query, rest } = leadingQuery(documentsField(request.command, 'pipeline'), request);
    const [first] = rest;
    const projection = rest.length === 1 && isDocument(first?.$project) ? first.$project : undefined;
    return { query, projection, rest: projection ? [] : rest };
  },
};

function changeOf({ context = {} }: Query, update: Value, options: Document): Update {
  return compileUpdate(update, context, 'arrayFilters' in options ? documentsField(options, 'arrayFilters') : []);
}

/** The stages of a plan, the last one outermost. */
function stagesOf(name: string, { query, projection, write }: Work, plan: Plan | undefined): Document {
  const { sort, skip = 0, limit = 0 } = query;
  let stage = plan ? scanStage(plan) : { stage: 'EOF' };
  const around = (outer: string, fields: Document = {}) => {
    stage = { stage: outer, ...fields, inputStage: stage };
  };
  const sorted = !sort || Object.keys(sort).length === 0 || (plan?.kind === 'index' && plan.sorted);
  if (plan && !sorted && !('$natural' in sort))
    around('SORT', { sortPattern: sort, ...(limit && { limitAmount: limit + skip }) });
  if (skip) around('SKIP', { skipAmount: skip });
  if (limit && !write) around('LIMIT', { limitAmount: limit });
  if (write) around(write);
  if (projection && Object.keys(projection).length) around('PROJECTION_DEFAULT', { transformBy: projection });
  if (name === 'count') around('COUNT');
  return stage;
}

function scanStage(plan: Plan): Document {
  if (plan.kind === 'rows') return { stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' };
  if (plan.kind === 'union')
    return { stage: 'SUBPLAN', inputStage: { stage: 'OR', inputStages: plan.plans.map(scanStage) } };
  const { index, reverse } = plan;
  return {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: index.spec.key,
      indexName: index.name,
      ...(index.collated && { collation: index.spec.collation }),
      isMultiKey: index.multikey,
      isUnique: index.unique,
      isSparse: index.sparse,
      isPartial: index.partial !== undefined,
      direction: reverse ? 'backward' : 'forward',
    },
  };
}

/** Runs the search and counts what it read and found, and what a write would have done. */
function statistics(
  request: Request,
  collection: Collection | undefined,
  { query, write, change }: Work,
  stages: Document,
  plan: Plan | undefined,
): Document {
  let totalDocsExamined = 0;
  let found = 0;
  let modified = 0;
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
  for (const chunk of collection ? search(counting, collection, { ...query, positions: true }) : []) {
    found += chunk.length;
    for (const { bytes, found: place } of change ? chunk : [])
      if (!encode(change?.(decode(bytes), place ?? {}, false) ?? {}).equals(bytes)) modified++;
  }
  const counts = stages.stage === 'COUNT' ? { nCounted: found } : write === 'DELETE' ? { nWouldDelete: found } : {};
  const wouldUpdate = write === 'UPDATE' && { nMatched: found, nWouldModify: modified };
  const nReturned = write || stages.stage === 'COUNT' ? 0 : found;
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis: Math.round(performance.now() - start),
    totalKeysExamined: plan && plan.kind !== 'rows' ? totalDocsExamined : 0,
    totalDocsExamined,
    executionStages: { ...stages, nReturned, ...counts, ...wouldUpdate },
  };
}
