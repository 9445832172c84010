import { BSONRegExp, ObjectId } from 'bson';
import { CommandError, cut } from '../errors.ts';
import { isOperators } from '../query/match.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { setAt } from './targets.ts';

/**
 * The document that an upsert starts from: what the filter says fields are equal to
 * (manual: reference/method/db.collection.updateOne, "Upsert with Operator Expressions").
 * @param onlyId - for a replacement, which takes nothing but `_id` from the filter
 */
export function upsertBase(filter: Document, onlyId: boolean): Document {
  const equalities = new Map<string, Value>();
  collect(filter, (path, value) => {
    if (onlyId && path.startsWith('_id.'))
      throw new CommandError(111, `field at '_id' must be exactly specified, field at sub-path '${cut(path)}' found`);
    if (!onlyId || path === '_id') addOnce(path, value, equalities);
  });
  const base: Document = {};
  for (const [path, value] of equalities) setAt(base, splitPath(path), value);
  return base;
}

function collect(filter: Document, note: (path: string, value: Value) => void): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || (name === '$or' && Array.isArray(operand) && operand.length === 1)) {
      if (Array.isArray(operand)) for (const branch of operand) if (isDocument(branch)) collect(branch, note);
    } else if (!name.startsWith('$')) {
      if (!isOperators(operand)) {
        if (!(operand instanceof BSONRegExp)) note(name, operand);
      } else if ('$eq' in operand) note(name, operand.$eq);
      else if (Array.isArray(operand.$all)) {
        for (const item of operand.$all) if (!isOperators(item) && !(item instanceof BSONRegExp)) note(name, item);
      } else if (Array.isArray(operand.$in) && operand.$in.length === 1 && !(operand.$in[0] instanceof BSONRegExp)) {
        note(name, operand.$in[0]);
      }
    }
  }
}

function addOnce(path: string, value: Value, into: Map<string, Value>): void {
  for (const known of into.keys()) {
    if (known === path || known.startsWith(`${path}.`) || path.startsWith(`${known}.`)) {
      throw new CommandError(54, `cannot infer query fields to set, path '${cut(path)}' is matched twice`);
    }
  }
  into.set(path, value);
}

/** The document with `_id` in front, made when there is none. */
export function withIdFirst(document: Document): Document {
  if (document._id === undefined) return { _id: new ObjectId(), ...document };
  if (Object.keys(document)[0] === '_id') return document;
  const { _id, ...others } = document;
  return { _id, ...others };
}
