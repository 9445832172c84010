import { hostname } from 'node:os';
import { CommandError, cut, unsupported } from '../errors.ts';
import type { Plan } from '../query/plan.ts';
import { planOf, search } from '../query/search.ts';
import type { Access } from '../storage/access.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { completeCollation } from '../values/collation.ts';
import { decode } from '../values/decode.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { isTruthy } from '../values/types.ts';
import { addDefaultCollation } from './default-collation.ts';
import { VERSION } from './diagnostics.ts';
import { onSource, WORK, type Work } from './explained-work.ts';
import { type Command, collectionName, collectionNamed, type Request } from './request.ts';
import { stagesOf } from './show-plan.ts';

/** What can be asked of a view. */
const READS = ['find', 'count', 'distinct', 'aggregate'];

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
  if (collection && isView(collection)) {
    if (!READS.includes(name))
      throw new CommandError(166, `Namespace ${request.database}.${cut(inner[name])} is a view`);
    return explain({ ...request, command: { explain: onSource(explained, collection), verbosity } });
  }
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
