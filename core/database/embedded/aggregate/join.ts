import { BSONRegExp } from 'bson';
import { CommandError, cut } from '../errors.ts';
import { copyOnPath, setAt } from '../update/targets.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { splitPath, walk } from '../values/path.ts';
import { isNumber, toNumber } from '../values/types.ts';
import { named } from './arguments.ts';
import { compileExpression, declare, follow } from './expression.ts';
import { type Environment, each, type Stage } from './stage.ts';

/** `$lookup`, by equal fields, by a pipeline, or by both (manual: reference/operator/aggregation/lookup). */
export function lookup(spec: Value, environment: Environment): Stage {
  const options = named(spec, '$lookup', ['as'], ['from', 'localField', 'foreignField', 'let', 'pipeline']);
  const { from, localField, foreignField, let: variables, pipeline, as } = options;
  if (typeof as !== 'string') throw new CommandError(9, "$lookup argument 'as' must be a string");
  if (from !== undefined && typeof from !== 'string')
    throw new CommandError(9, "$lookup argument 'from' must be a string");
  if (from === '') throw new CommandError(73, "Invalid $lookup namespace: the 'from' argument is empty");
  for (const [name, field] of Object.entries({ localField, foreignField }))
    if (field !== undefined && typeof field !== 'string')
      throw new CommandError(9, `$lookup argument '${name}' must be a string`);
  if (variables !== undefined && !isDocument(variables))
    throw new CommandError(9, "$lookup argument 'let' must be an object");
  if (from === undefined && pipeline === undefined)
    throw new CommandError(9, "must specify 'from' field for a $lookup");
  if ((localField === undefined) !== (foreignField === undefined)) {
    throw new CommandError(9, '$lookup requires both or neither of localField and foreignField to be specified');
  }
  if (localField === undefined && pipeline === undefined) {
    throw new CommandError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (pipeline !== undefined && !Array.isArray(pipeline))
    throw new CommandError(14, "'pipeline' option must be specified as an array");
  if (typeof from === 'string') environment.check(from);
  const local = typeof localField === 'string' ? splitPath(localField) : undefined;
  const foreign = typeof foreignField === 'string' ? foreignField : undefined;
  const path = splitPath(as);
  const names = isDocument(variables) ? Object.entries(variables) : [];
  const values = names.map(([name, value]) => [name, compileExpression(value, environment.context)] as const);
  return each((document) => {
    const filter = local && foreign !== undefined ? joinFilter(document, local, foreign) : {};
    const scope = { root: document, variables: environment.context.variables ?? {} };
    const inner = declare(
      environment.context,
      names.map(([name]) => name),
    );
    inner.variables = {
      ...inner.variables,
      ...Object.fromEntries(values.map(([name, value]) => [name, value(scope)])),
    };
    const source = typeof from === 'string' ? environment.read(from, filter) : [[{}]];
    const found = Array.isArray(pipeline)
      ? runNested(source, pipeline, { ...environment, context: inner })
      : [...source].flat();
    const result = copyOnPath(document, path);
    setAt(result, path, found);
    return result;
  });
}

function joinFilter(document: Document, local: string[], foreign: string): Document {
  const values: Value[] = [];
  walk(document, local, (value) => {
    if (Array.isArray(value)) values.push(...value);
    else values.push(value ?? null);
    return false;
  });
  // A local array that is empty, or documents without the field, join with what has null or nothing there.
  if (values.length === 0) values.push(...(follow(document, local, 0) === undefined ? [null] : []));
  return oneOf(foreign, values);
}

/** A filter for a field that equals one of some values; a regular expression among them stands for itself. */
function oneOf(field: string, values: Value[]): Document {
  const patterns = values.filter((value) => value instanceof BSONRegExp);
  if (patterns.length === 0) return { [field]: { $in: values } };
  const others = { [field]: { $in: values.filter((value) => !(value instanceof BSONRegExp)) } };
  return { $or: [others, ...patterns.map((pattern) => ({ [field]: { $eq: pattern } }))] };
}

/** Runs a pipeline within another; one that begins with `$documents` has these for its source. */
function runNested(source: Iterable<Document[]>, pipeline: Value[], environment: Environment): Document[] {
  const nested = { ...environment, nested: true };
  const [first, ...others] = pipeline;
  if (!isDocument(first) || !('$documents' in first)) return environment.run(source, pipeline, nested);
  const { context } = environment;
  const documents = compileExpression(first.$documents, context)({ root: {}, variables: context.variables ?? {} });
  if (!Array.isArray(documents) || !documents.every(isDocument))
    throw new CommandError(5858203, '$documents needs an array of documents');
  return environment.run([documents], others, nested);
}

function depthOf(value: Value): number {
  if (!isNumber(value)) throw new CommandError(40100, 'maxDepth requires numeric argument');
  const depth = toNumber(value);
  if (depth < 0) throw new CommandError(40101, `maxDepth requires a nonnegative argument, found: ${depth}`);
  if (!Number.isInteger(depth)) throw new CommandError(40102, `maxDepth could not be represented as a long: ${depth}`);
  return depth;
}

/** `$graphLookup` (manual: reference/operator/aggregation/graphLookup). */
export function graphLookup(spec: Value, environment: Environment): Stage {
  const options = named(
    spec,
    '$graphLookup',
    ['from', 'startWith', 'connectFromField', 'connectToField', 'as'],
    ['maxDepth', 'depthField', 'restrictSearchWithMatch'],
  );
  const {
    from,
    startWith,
    connectFromField,
    connectToField,
    as,
    maxDepth,
    depthField,
    restrictSearchWithMatch: restriction,
  } = options;
  if (typeof from !== 'string') throw new CommandError(9, "the 'from' argument to $graphLookup must be a string");
  if (from === '') throw new CommandError(73, "Invalid $graphLookup namespace: the 'from' argument is empty");
  for (const [name, field] of Object.entries({ connectFromField, connectToField, as, depthField })) {
    if (name === 'depthField' && !('depthField' in options)) continue;
    if (typeof field !== 'string') throw new CommandError(40103, `expected string as argument for ${name}`);
    if (field.startsWith('$'))
      throw new CommandError(16410, `FieldPath field names may not start with '$', given ${cut(field)} for ${name}`);
  }
  if ('restrictSearchWithMatch' in options && !isDocument(restriction))
    throw new CommandError(40185, 'restrictSearchWithMatch must be an object');
  environment.check(from);
  const start = compileExpression(startWith, environment.context);
  const deepest = maxDepth === undefined ? Number.POSITIVE_INFINITY : depthOf(maxDepth);
  const next = splitPath(connectFromField as string);
  const path = splitPath(as as string);
  return each((root) => {
    const found = new Map<string, Document>();
    const first = start({ root, variables: environment.context.variables ?? {} });
    let frontier: Value[] = Array.isArray(first) ? first : [first ?? null];
    for (let depth = 0; frontier.length && depth <= deepest; depth++) {
      const condition = oneOf(connectToField as string, frontier);
      const filter = isDocument(restriction) ? { $and: [restriction, condition] } : condition;
      frontier = [];
      for (const document of [...environment.read(from, filter)].flat()) {
        const key = encodeKey([document._id]).toString('latin1');
        if (found.has(key)) continue;
        found.set(key, typeof depthField === 'string' ? { ...document, [depthField]: BigInt(depth) } : document);
        walk(document, next, (value) => {
          if (Array.isArray(value)) frontier.push(...value);
          else if (value !== undefined) frontier.push(value);
          return false;
        });
      }
      frontier = frontier.filter((value, i) => frontier.findIndex((other) => equal(other, value)) === i);
    }
    const result = copyOnPath(root, path);
    setAt(result, path, [...found.values()]);
    return result;
  });
}

/** `$unionWith` (manual: reference/operator/aggregation/unionWith). */
export function unionWith(spec: Value, environment: Environment): Stage {
  const { coll, pipeline = [] } =
    typeof spec === 'string' ? { coll: spec } : named(spec, '$unionWith', [], ['coll', 'pipeline']);
  const [first] = Array.isArray(pipeline) ? pipeline : [];
  const standsAlone = coll === undefined && isDocument(first) && '$documents' in first;
  if (typeof coll !== 'string' && !standsAlone)
    throw new CommandError(9, `$unionWith needs a collection, not ${cut(coll)}`);
  if (!Array.isArray(pipeline)) throw new CommandError(9, "'pipeline' option must be specified as an array");
  if (typeof coll === 'string') environment.check(coll);
  return {
    push: (documents) => documents,
    end: () => runNested(typeof coll === 'string' ? environment.read(coll) : [], pipeline, environment),
  };
}
