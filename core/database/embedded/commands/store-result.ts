import { named } from '../aggregate/arguments.ts';
import { compileExpression } from '../aggregate/expression.ts';
import { CommandError, cut } from '../errors.ts';
import { searchAll } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { duplicateKey } from '../storage/duplicate-key.ts';
import { keysOf } from '../storage/index.ts';
import { compileUpdatePipeline } from '../update/pipeline.ts';
import { withIdFirst } from '../update/upsert.ts';
import { completeCollation } from '../values/collation.ts';
import { equal } from '../values/compare.ts';
import { decode } from '../values/decode.ts';
import { type Document, getField, isDocument, type Value } from '../values/document.ts';
import { encode } from '../values/encode.ts';
import { splitPath } from '../values/path.ts';
import { typeName } from '../values/types.ts';
import { contextOf, type Request } from './request.ts';
import { validate } from './validation.ts';

/** Does what `$out` or `$merge` at the end of a pipeline says. */
export async function storeResult(request: Request, stage: Document, chunks: Iterable<Document[]>): Promise<void> {
  const [name] = Object.keys(stage);
  if (request.transaction) throw new CommandError(263, `${name} is not allowed in a transaction`);
  const { readConcern } = request.command;
  if (isDocument(readConcern) && readConcern.level === 'linearizable')
    throw new CommandError(72, `${name} cannot be used with a 'linearizable' read concern level`);
  const results = [...chunks].flat();
  await request.engine.queue.submit(() => {
    if ('$out' in stage) out(request, stage.$out, results);
    else merge(request, stage.$merge, results);
  });
}

function target(request: Request, spec: Value): { database: string; name: string } {
  if (typeof spec === 'string') return { database: request.database, name: spec };
  if (isDocument(spec) && typeof spec.coll === 'string') {
    return { database: typeof spec.db === 'string' ? spec.db : request.database, name: spec.coll };
  }
  throw new CommandError(16990, '$out and $merge need the name of a collection, or {db, coll}');
}

/** `$out` replaces a collection; its indexes stay (manual: reference/operator/aggregation/out). */
function out(request: Request, spec: Value, results: Document[]): void {
  const { catalog, direct } = request.engine;
  const { database, name } = target(request, spec);
  const there = catalog.find(database, name);
  if (name.startsWith('system.')) throw new CommandError(17385, `Can't $out to special collection: ${cut(name)}`);
  if (there?.options.capped === true)
    throw new CommandError(17152, `namespace '${database}.${cut(name)}' is capped so it can't be used for $out`);
  const collection = there ?? catalog.create(database, name);
  for (const { row, bytes } of searchAll(direct, collection, { filter: {} }))
    direct.remove(collection, row, decode(bytes));
  for (const result of results) insert(request, collection, result);
}

function insert(request: Request, collection: Collection, document: Document): void {
  const whole = withIdFirst(document);
  validate(request, collection, whole);
  request.engine.direct.insert(collection, whole, encode(whole));
}

/** `$merge` (manual: reference/operator/aggregation/merge). */
function merge(request: Request, spec: Value, results: Document[]): void {
  const { catalog, direct } = request.engine;
  const options = isDocument(spec)
    ? named(spec, '$merge', ['into'], ['on', 'let', 'whenMatched', 'whenNotMatched'])
    : { into: spec };
  const { database, name } = target(request, options.into);
  const { whenMatched = 'merge', whenNotMatched = 'insert', on = '_id', let: variables } = options;
  if (variables !== undefined && !Array.isArray(whenMatched))
    throw new CommandError(51199, "Cannot use 'let' variables with 'whenMatched' other than a pipeline");
  const collection = catalog.find(database, name) ?? catalog.create(database, name);
  const keys = mergeKeys(on);
  const context = contextOf(request.command);
  const collation = completeCollation(request.command.collation) ?? null;
  const unique = collection.indexes.find(
    ({ unique: is, partial, fields, spec: index }) =>
      is &&
      !partial &&
      fields.length === keys.length &&
      fields.every(({ path }) => keys.includes(path)) &&
      (options.on === undefined || equal(index.collation ?? null, collation)),
  );
  if (!unique) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
  for (const result of results) {
    const filter = Object.fromEntries(keys.map((key) => [key, { $eq: joinValue(result, key) }]));
    const [match] = searchAll(direct, collection, { filter, context, limit: 1 });
    if (!match) notMatched(request, collection, result, whenNotMatched);
    else if (whenMatched === 'fail')
      throw duplicateKey(collection, unique, result, keysOf(unique, result).keys[0] as Buffer);
    else if (whenMatched !== 'keepExisting') {
      const before = decode(match.bytes);
      const after = combined(request, before, result, whenMatched, variables);
      validate(request, collection, after, before);
      direct.replace(collection, match.row, before, after, encode(after));
    }
  }
}

/** The fields of `on`. @throws CommandError 51186, 51187, 51134 for what are none */
function mergeKeys(on: Value): string[] {
  if (typeof on === 'string') return [on];
  if (!Array.isArray(on))
    throw new CommandError(51186, "$merge 'on' field must be either a string or an array of strings");
  if (on.length === 0)
    throw new CommandError(51187, "If explicitly specifying $merge 'on', must include at least one field");
  return on.map((key) => {
    if (typeof key !== 'string')
      throw new CommandError(51134, `$merge 'on' array elements must be strings, not ${typeName(key)}`);
    return key;
  });
}

/** What a result is joined by. @throws CommandError 51132 when it is not there, 51185 for an array */
function joinValue(result: Document, key: string): Value {
  if (key === '_id' && result._id === undefined) return null;
  let value: Value = result;
  for (const part of splitPath(key)) value = isDocument(value) ? getField(value, part) : undefined;
  if (value === undefined || value === null)
    throw new CommandError(
      51132,
      `$merge write error: 'on' field '${cut(key)}' cannot be missing, null, undefined or an array`,
    );
  if (Array.isArray(value))
    throw new CommandError(51185, `$merge write error: 'on' field '${cut(key)}' cannot be an array`);
  return value;
}

function notMatched(request: Request, collection: Collection, result: Document, mode: Value): void {
  if (mode === 'insert') insert(request, collection, result);
  else if (mode === 'fail')
    throw new CommandError(
      13113,
      '$merge could not find a matching document in the target collection for at least one document in the source collection',
    );
  else if (mode !== 'discard') throw new CommandError(2, `Unknown value for whenNotMatched: ${cut(mode)}`);
}

function combined(request: Request, before: Document, result: Document, mode: Value, variables: Value): Document {
  if (!Array.isArray(mode) && result._id !== undefined && !equal(result._id, before._id))
    throw new CommandError(
      66,
      "$merge failed to update the matching document: it would modify the immutable field '_id'",
    );
  if (mode === 'merge') return withIdFirst({ ...before, ...result, _id: before._id });
  if (mode === 'replace') return withIdFirst({ ...result, _id: before._id });
  if (!Array.isArray(mode)) throw new CommandError(2, `Unknown value for whenMatched: ${cut(mode)}`);
  const context = contextOf(request.command);
  const scope = { root: result, variables: context.variables ?? {} };
  // Without a `let` of its own, the pipeline sees the new document as `$$new`.
  const own = Object.entries(isDocument(variables) ? variables : { new: '$$ROOT' }).map(([name, value]) => [
    name,
    compileExpression(value, context)(scope),
  ]);
  const inner = { ...context, variables: { ...context.variables, ...Object.fromEntries(own) } };
  return compileUpdatePipeline(mode, inner)({ ...before }, {}, false);
}
