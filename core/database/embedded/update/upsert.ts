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
  collect(filter, equalities);
  const base: Document = {};
  for (const [path, value] of equalities) {
    if (onlyId ? path === '_id' : true) setAt(base, splitPath(path), value);
  }
  return base;
}

function collect(filter: Document, into: Map<string, Value>): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || (name === '$or' && Array.isArray(operand) && operand.length === 1)) {
      if (Array.isArray(operand)) for (const branch of operand) if (isDocument(branch)) collect(branch, into);
    } else if (!name.startsWith('$')) {
      if (!isOperators(operand)) {
        if (!(operand instanceof BSONRegExp)) note(name, operand, into);
      } else if ('$eq' in operand) note(name, operand.$eq, into);
      else if (Array.isArray(operand.$all) && operand.$all.length === 1 && !isOperators(operand.$all[0])) {
        note(name, operand.$all[0], into);
      } else if (Array.isArray(operand.$in) && operand.$in.length === 1 && !(operand.$in[0] instanceof BSONRegExp)) {
        note(name, operand.$in[0], into);
      }
    }
  }
}

function note(path: string, value: Value, into: Map<string, Value>): void {
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
