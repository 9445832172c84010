import { CommandError, cut, unsupported } from '../errors.ts';
import { compare, equal } from '../values/compare.ts';
import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { toInteger } from '../values/types.ts';
import { type Accumulator, compileAccumulator } from './accumulators.ts';
import { named } from './arguments.ts';
import { compileExpression } from './expression.ts';
import { type Environment, type Stage, whole } from './stage.ts';

type Fields = [string, ReturnType<typeof compileAccumulator>][];

/** `$group` (manual: reference/operator/aggregation/group). Groups come out in the order in which they were first met. */
export function group(spec: Value, { context }: Environment): Stage {
  if (!isDocument(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!('_id' in spec)) throw new CommandError(15955, 'a group specification must include an _id');
  const id = compileExpression(spec._id, context);
  const fields = accumulations(spec, ['_id'], context);
  const groups = new Map<string, { id: Value; accumulators: Accumulator[] }>();
  /** With a collation, the first value that was equal stands for all of them. */
  const representative = (value: Value): Value => {
    if (!context.strings) return value;
    for (const known of groups.values()) if (equal(known.id, value, context.strings)) return known.id;
    return value;
  };
  return {
    push: (documents) => {
      for (const root of documents) {
        const scope = { root, variables: context.variables ?? {} };
        const value = id(scope);
        // MongoDB keeps "not there" and null together in a group, and so do keys.
        const name = encodeKey([representative(value)]).toString('latin1');
        let found = groups.get(name);
        if (!found) {
          found = { id: value ?? null, accumulators: fields.map(([, { start }]) => start()) };
          groups.set(name, found);
        }
        for (const [i, [, { input }]] of fields.entries()) found.accumulators[i]?.add(input(scope), scope);
      }
      return [];
    },
    end: () => [...groups.values()].map(({ id: value, accumulators }) => finish(value, fields, accumulators)),
  };
}

function accumulations(spec: Document, except: string[], context: Environment['context']): Fields {
  return Object.entries(spec).flatMap(([name, accumulator]): Fields => {
    if (except.includes(name)) return [];
    if (name.includes('.')) throw new CommandError(40235, `The field name '${cut(name)}' cannot contain '.'`);
    if (name.startsWith('$')) throw new CommandError(40236, `The field name '${cut(name)}' cannot be an operator name`);
    return [[name, compileAccumulator(name, accumulator, context)]];
  });
}

function finish(id: Value, fields: Fields, accumulators: Accumulator[]): Document {
  const result: Document = { _id: id };
  for (const [i, [name]] of fields.entries()) setField(result, name, accumulators[i]?.result());
  return result;
}

function gather(id: Value, documents: Document[], fields: Fields, { context }: Environment): Document {
  const accumulators = fields.map(([, { start }]) => start());
  for (const root of documents) {
    const scope = { root, variables: context.variables ?? {} };
    for (const [i, [, { input }]] of fields.entries()) accumulators[i]?.add(input(scope), scope);
  }
  return finish(id, fields, accumulators);
}

const COUNT = { count: { $sum: 1 } };

/** `$bucket` (manual: reference/operator/aggregation/bucket). */
export function bucket(spec: Value, environment: Environment): Stage {
  const { context } = environment;
  const {
    groupBy,
    boundaries,
    default: rest,
    output,
  } = named(spec, '$bucket', ['groupBy', 'boundaries'], ['default', 'output']);
  if (!Array.isArray(boundaries) || boundaries.length < 2) {
    throw new CommandError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  }
  for (let i = 1; i < boundaries.length; i++) {
    if (compare(boundaries[i - 1], boundaries[i]) >= 0) {
      throw new CommandError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
    }
  }
  const expression = compileExpression(groupBy, context);
  const fields = accumulations(isDocument(output) ? output : COUNT, [], context);
  const hasRest = isDocument(spec) && 'default' in spec;
  return whole((documents) => {
    const buckets = new Map<number, Document[]>();
    for (const root of documents) {
      const value = expression({ root, variables: context.variables ?? {} });
      let at = boundaries.findLastIndex((boundary) => compare(value, boundary) >= 0);
      if (at === -1 || at === boundaries.length - 1) {
        if (!hasRest)
          throw new CommandError(
            40066,
            '$switch could not find a matching branch for an input, and no default was specified.',
          );
        at = boundaries.length;
      }
      buckets.set(at, [...(buckets.get(at) ?? []), root]);
    }
    return [...buckets.entries()]
      .map(([at, members]) => gather(at === boundaries.length ? rest : boundaries[at], members, fields, environment))
      .sort((a, b) => compare(a._id, b._id));
  });
}

/** `$bucketAuto` without `granularity` (manual: reference/operator/aggregation/bucketAuto). */
export function bucketAuto(spec: Value, environment: Environment): Stage {
  const { context } = environment;
  const options = named(spec, '$bucketAuto', ['groupBy', 'buckets'], ['output', 'granularity']);
  const { groupBy, buckets, output, granularity } = options;
  if (granularity !== undefined) throw unsupported('The granularity of $bucketAuto');
  const count = toInteger(buckets, "The $bucketAuto 'buckets' field", 40242);
  if (count <= 0) throw new CommandError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  const expression = compileExpression(groupBy, context);
  const fields = accumulations(isDocument(output) ? output : COUNT, [], context);
  return whole((documents) => {
    const items = documents
      .map((root) => ({ root, value: expression({ root, variables: context.variables ?? {} }) ?? null }))
      .sort((a, b) => compare(a.value, b.value));
    const size = Math.max(Math.round(items.length / count), 1);
    const result: Document[] = [];
    for (let from = 0, number = 0; from < items.length; number++) {
      let to = number === count - 1 ? items.length : Math.min(from + size, items.length);
      while (to < items.length && compare(items[to]?.value, items[to - 1]?.value) === 0) to++;
      const max = to < items.length ? items[to]?.value : items.at(-1)?.value;
      const members = items.slice(from, to).map(({ root }) => root);
      result.push(gather({ min: items[from]?.value, max }, members, fields, environment));
      from = to;
    }
    return result;
  });
}
