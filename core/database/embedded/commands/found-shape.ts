import { unsupported } from '../errors.ts';
import type { Projection } from '../query/project.ts';
import { documentOf, type Match, planOf, type Query } from '../query/search.ts';
import type { Collection } from '../storage/catalog.ts';
import type { Index } from '../storage/index.ts';
import { type Document, getField, isDocument, setField } from '../values/document.ts';
import { isTruthy } from '../values/types.ts';

/** What `find` gives of a document that it found. */
export type Shape = (match: Match) => Document;

/**
 * The document, its projection or its index key, with the number of its row when that is asked for (manual:
 * reference/command/find, `returnKey` and `showRecordId`); undefined when it is given as it is stored.
 * @throws CommandError 238 for `returnKey` with an index of arrays, in which a document has several keys, or with one that has
 *   a collation, whose keys are not the strings
 */
export function shapeOf(
  command: Document,
  collection: Collection | undefined,
  query: Query,
  project: Projection | undefined,
): Shape | undefined {
  const variables = query.context?.variables ?? {};
  const shape: Shape | undefined =
    project && ((match) => project(documentOf(match), { root: documentOf(match), variables }, match.found));
  if (isTruthy(command.returnKey) && collection) return keyOf(collection, query);
  if (!isTruthy(command.showRecordId)) return shape;
  const inner = shape ?? documentOf;
  return (match) => ({ ...inner(match), $recordId: BigInt(match.row) });
}

function keyOf(collection: Collection, query: Query): Shape {
  const plan = planOf(collection, query);
  if (plan.kind !== 'index') return () => ({});
  if (plan.index.multikey) throw unsupported('returnKey with an index of arrays');
  if (plan.index.collated) throw unsupported('returnKey with an index that has a collation');
  return (match) => keyDocument(plan.index, documentOf(match));
}

function keyDocument({ fields }: Index, document: Document): Document {
  const key: Document = {};
  for (const { path, parts } of fields) {
    let value: unknown = document;
    for (const part of parts) value = isDocument(value) ? getField(value, part) : undefined;
    setField(key, path, value ?? null);
  }
  return key;
}
