import { CommandError } from '../errors.ts';
import { compileFilter, type Predicate } from '../query/match.ts';
import { collationOf } from '../values/collation.ts';
import { equal, type StringOrder } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { isTruthy, toNumber } from '../values/types.ts';
import { foldBy } from './fold.ts';
import { indexKeys } from './index-keys.ts';
import { WILDCARD } from './index-spec.ts';

/** One field of an index. */
export type IndexField = { path: string; parts: string[]; descending: boolean };

/** The keys of one document in one index, and whether an array was met. */
export type Keys = { keys: Buffer[]; multikey: boolean };

/** An index of a collection. Its keys are in the table `i<id>`. */
export type Index = {
  id: number;
  name: string;
  /** What `listIndexes` shows. */
  spec: Document;
  fields: IndexField[];
  /** The parts and the directions of the fields, as the keys of every document want them. */
  paths: string[][];
  directions: boolean[];
  unique: boolean;
  sparse: boolean;
  partial?: { filter: Document; predicate: Predicate };
  expireAfterSeconds?: number;
  /** Whether any document ever had several keys in it; limits what the planner may conclude. */
  multikey: boolean;
  /** Whether its strings are compared by a collation: then it is not used to search for strings. */
  collated: boolean;
  /** For a unique index with a collation: makes strings the same that the collation takes for equal. */
  fold?: (value: Value) => Value;
  hidden: boolean;
  /** Whether it is of every field (`$**`): it is kept and listed, but holds no keys, so that nothing is searched by it. */
  wildcard: boolean;
  /** Whether a field of it is hashed: it is ordered like any other here, but takes no arrays, as MongoDB's. */
  hashed: boolean;
};

/** An index from its stored form. */
export function makeIndex(id: number, spec: Document, multikey: boolean): Index {
  const fields = Object.entries(spec.key as Document).map(([path, direction]) => ({
    path,
    parts: splitPath(path),
    descending: toNumber(direction) < 0,
  }));
  const filter = spec.partialFilterExpression;
  const strings = collationOf(spec.collation);
  return {
    id,
    name: spec.name as string,
    spec,
    fields,
    paths: fields.map(({ parts }) => parts),
    directions: fields.map(({ descending }) => descending),
    unique: spec.unique === true || spec.name === '_id_',
    sparse: spec.sparse === true,
    partial: isDocument(filter) ? { filter, predicate: compileFilter(filter, { strings }) } : undefined,
    expireAfterSeconds: spec.expireAfterSeconds === undefined ? undefined : toNumber(spec.expireAfterSeconds),
    multikey,
    collated: strings !== undefined,
    fold: foldOf(spec, strings),
    hidden: spec.hidden === true,
    wildcard: Object.keys(spec.key as Document).some((path) => WILDCARD.test(path)),
    hashed: Object.values(spec.key as Document).includes('hashed'),
  };
}

function foldOf({ unique, name, collation }: Document, order: StringOrder): Index['fold'] {
  if (!order || !isDocument(collation) || (unique !== true && name !== '_id_')) return undefined;
  return foldBy(order, {
    numeric: isTruthy(collation.numericOrdering),
    loose: toNumber(collation.strength ?? 3) < 3,
  });
}

/** The keys of a document in an index: none when the index leaves it out. */
export function keysOf(index: Index, document: Document): Keys {
  if (index.wildcard || (index.partial && !index.partial.predicate(document))) return { keys: [], multikey: false };
  const found = indexKeys(document, index.paths, index.directions, index.sparse, index.fold);
  if (index.hashed && found.multikey)
    throw new CommandError(16766, 'hashed indexes do not currently support array values');
  return found;
}

/** Whether two index specifications say the same, so that creating the second changes nothing. */
export function sameSpec(a: Document, b: Document): boolean {
  const options = [
    'unique',
    'sparse',
    'partialFilterExpression',
    'expireAfterSeconds',
    'collation',
    'hidden',
    'wildcardProjection',
  ];
  return sameKey(a.key, b.key) && options.every((option) => equal(a[option], b[option]));
}

/** Whether two key patterns are equal, order included; 1 and 1.0 and any other positive number are alike. */
export function sameKey(a: Value, b: Value): boolean {
  return equal(directions(a), directions(b));
}

function directions(key: Value): Value {
  return isDocument(key)
    ? Object.fromEntries(
        Object.entries(key).map(([path, value]) => [
          path,
          typeof value === 'string' ? value : Math.sign(toNumber(value)),
        ]),
      )
    : key;
}
