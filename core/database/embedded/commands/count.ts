import { follow } from '../aggregate/expression.ts';
import { runPipeline } from '../aggregate/pipeline.ts';
import { CommandError, cut } from '../errors.ts';
import { documentOf, type Query, search } from '../query/search.ts';
import { type Collection, isView } from '../storage/catalog.ts';
import { equal } from '../values/compare.ts';
import type { Document, Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { splitPath, walk } from '../values/path.ts';
import { toInteger } from '../values/types.ts';
import { queryOf } from './find.ts';
import { type Command, collectionName, collectionNamed, contextOf, documentField, type Request } from './request.ts';
import { environmentOf, viewSource } from './sources.ts';
import { sizeOf } from './statistics.ts';

/** The `count` command (manual: reference/command/count). */
export const count: Command = async (request) => {
  const { command } = request;
  const collection = collectionNamed(request, collectionName(request));
  if (!collection) return { n: 0, ok: 1 };
  const limit = command.limit === undefined ? 0 : Math.abs(toInteger(command.limit, "BSON field 'limit'", 14));
  const query = queryOf(command, limit);
  const everything = Object.keys(query.filter).length === 0 && !query.skip && !limit && !isView(collection);
  if (everything && !request.transaction) return { n: sizeOf(request, collection).count, ok: 1 };
  let n = 0;
  if (isView(collection)) n = matching(request, collection).length;
  else for (const chunk of search(request.access, collection, query)) n += await turn(chunk.length);
  return { n, ok: 1 };
};

/** Lets others have a turn after each chunk of a long scan. */
function turn<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(resolve, value));
}

function matching(request: Request, { name }: Collection): Document[] {
  const filter = documentField(request.command, 'query') ?? {};
  return runPipeline(viewSource(request, name), [{ $match: filter }], environmentOf(request));
}

/** The `distinct` command (manual: reference/command/distinct). */
export const distinct: Command = async (request) => {
  const { command } = request;
  const { key } = command;
  if (typeof key !== 'string' || key === '')
    throw new CommandError(14, `BSON field 'distinct.key' must be a non-empty string, not ${cut(key)}`);
  const collection = collectionNamed(request, collectionName(request));
  const values: Value[] = [];
  const known = new Set<string>();
  const add = (value: Value) => {
    if (value === undefined) return;
    if (Array.isArray(value)) return sorted(value).forEach(note);
    note(value);
  };
  const { strings } = contextOf(command);
  const note = (value: Value) => {
    if (strings && values.some((other) => equal(other, value, strings))) return;
    const name = encodeKey([value]).toString('latin1');
    if (!known.has(name)) values.push(value);
    known.add(name);
  };
  const path = splitPath(key);
  if (collection && isView(collection))
    for (const document of matching(request, collection)) add(follow(document, path, 0));
  else if (collection) {
    for (const chunk of search(request.access, collection, queryOf(command, 0))) {
      for (const match of chunk) distinctValues(documentOf(match), path, add);
      await turn(undefined);
    }
  }
  return { values: collection && isInOrder(collection, key, queryOf(command, 0)) ? sorted(values) : values, ok: 1 };
};

/** Whether MongoDB reads the values from an index, which has them in their order; else they come as the documents do. */
function isInOrder({ indexes }: Collection, key: string, { filter, context }: Query): boolean {
  const plain = indexes.some(
    ({ fields, multikey, hidden, partial, collated, wildcard, hashed }) =>
      fields[0]?.path === key && !(multikey || hidden || partial || collated || wildcard || hashed),
  );
  return plain && !context?.strings && Object.keys(filter).every((path) => path === key);
}

function sorted(values: Value[]): Value[] {
  return values
    .map((value) => ({ value, order: encodeKey([value]) }))
    .sort((a, b) => Buffer.compare(a.order, b.order))
    .map(({ value }) => value);
}

function distinctValues(document: Document, path: string[], add: (value: Value) => void): void {
  walk(document, path, (value) => {
    add(value);
    return false;
  });
}
