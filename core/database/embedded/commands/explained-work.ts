import type { Query } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import { isView } from '../storage/catalog.ts';
import { compileUpdate, type Update } from '../update/compile-update.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isTruthy, toNumber } from '../values/types.ts';
import { leadingQuery } from './aggregate.ts';
import { queryOf } from './find.ts';
import { collectionNamed, documentField, documentsField, type Request } from './request.ts';

/** What a command would do: find, show or change what it found, and do the rest of its pipeline. */
export type Work = {
  query: Query;
  projection?: Document;
  write?: 'UPDATE' | 'DELETE';
  change?: Update;
  rest?: Document[];
};

/** What the commands that can be explained would do. */
export const WORK: Readonly<Record<string, (request: Request) => Work>> = {
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

/** A read of a view as the aggregation of what the view reads (manual: core/views, "Supported Operations for Views"). */
export function onSource(request: Request, view: Collection): Document {
  const { command, name } = request;
  const { filter, query, sort, skip, limit, projection } = command;
  const asked: Document = { $match: filter ?? query, $sort: sort, $skip: skip, $limit: limit, $project: projection };
  const isGiven = (value: Value) => (isDocument(value) ? Object.keys(value).length > 0 : isTruthy(value));
  let pipeline =
    name === 'aggregate'
      ? documentsField(command, 'pipeline')
      : Object.entries(asked).flatMap(([stage, value]) => (isGiven(value) ? [{ [stage]: value }] : []));
  let source = view.name;
  for (let next: Collection | undefined = view; next && isView(next); next = collectionNamed(request, source)) {
    pipeline = [...(next.options.pipeline as Document[]), ...pipeline];
    source = next.options.viewOn as string;
  }
  return { aggregate: source, pipeline, cursor: {}, collation: view.options.collation ?? { locale: 'simple' } };
}
