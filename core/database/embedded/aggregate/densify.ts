import { CommandError, cut } from '../errors.ts';
import { setAt } from '../update/targets.ts';
import { calculate } from '../values/arithmetic.ts';
import { compare } from '../values/compare.ts';
import type { Document, Value } from '../values/document.ts';
import { encodeKey } from '../values/key.ts';
import { splitPath } from '../values/path.ts';
import { isNumber, toInteger, toNumber, typeName } from '../values/types.ts';
import { isNullish, named } from './arguments.ts';
import { follow } from './expression.ts';
import { addedTo, type Unit, unitOf } from './operators/date-units.ts';
import { type Stage, whole } from './stage.ts';

/** How many documents one stage may make, as in MongoDB (its parameter `internalQueryMaxAllowedDensifyDocs`). */
const MAX_MADE = 500_000;

type Range = { step: Value; unit: Unit | undefined; bounds: 'full' | 'partition' | [Value, Value] };

/** A part of the input: its fields, and the values of the densified field that are there. */
type Part = { values: Value[]; fields: Value[]; kept: Document[] };

/** `$densify`: makes documents where a sequence of numbers or dates has gaps (manual: reference/operator/aggregation/densify). */
export function densify(spec: Value): Stage {
  const options = named(spec, '$densify', ['field', 'range'], ['partitionByFields']);
  const field = pathOf(options.field, 'field');
  const by = listOf(options.partitionByFields).map((path) => pathOf(path, 'partitionByFields'));
  const range = rangeOf(options.range);
  if (range.bounds === 'partition' && by.length === 0)
    throw new CommandError(
      5733409,
      "One may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields",
    );
  return whole((documents) => {
    const parts = partsOf(documents, field, by, range);
    const all = [...parts.values()].flatMap(({ values }) => values);
    const full = extremes(all);
    let made = 0;
    return [...parts.values()].flatMap((part) => {
      const [low, high] = Array.isArray(range.bounds)
        ? range.bounds
        : ((range.bounds === 'full' ? full : extremes(part.values)) ?? []);
      if (low === undefined) return part.kept;
      const known = new Set(part.values.map(keyOf));
      const added: Document[] = [];
      for (const value of sequence(low, high, range)) {
        if (known.has(keyOf(value))) continue;
        if (++made > MAX_MADE)
          throw new CommandError(
            5897900,
            `Generated ${made} documents in $densify, which is over the limit of ${MAX_MADE}.`,
          );
        added.push(documentOf(part.fields, by, field, value));
      }
      return merged(part, added, field);
    });
  });
}

function pathOf(path: Value, name: string): string[] {
  if (typeof path !== 'string' || path === '' || path.startsWith('$'))
    throw new CommandError(
      path === '' ? 40352 : 16410,
      `'${name}' of $densify must be a path without $, not ${cut(path)}`,
    );
  return splitPath(path);
}

function listOf(fields: Value): Value[] {
  if (fields === undefined) return [];
  if (!Array.isArray(fields)) throw new CommandError(14, "'partitionByFields' of $densify must be an array");
  return fields;
}

/** @throws CommandError 5733401 to 5733408, 9 for a step, unit and bounds that do not fit together */
function rangeOf(spec: Value): Range {
  const { step, unit, bounds } = named(spec, '$densify range', ['step', 'bounds'], ['unit']);
  if (!isNumber(step) || !(toNumber(step) > 0))
    throw new CommandError(
      5733401,
      'the step parameter in a range statement must be a strictly positive numeric value',
    );
  const wanted = unit === undefined ? undefined : unitOf(unit, '$densify range');
  if (wanted !== undefined) toInteger(step, 'The step of $densify with a unit', 6586400);
  if (bounds === 'full' || bounds === 'partition') return { step, unit: wanted, bounds };
  if (!Array.isArray(bounds) || bounds.length !== 2)
    throw new CommandError(
      5733403,
      "the bounds in a range statement must be 'full', 'partition' or a two-element array",
    );
  const [low, high] = bounds;
  if (!(isNumber(low) && isNumber(high)) && !(low instanceof Date && high instanceof Date))
    throw new CommandError(5733406, 'a bounding array must contain either both dates or both numeric types');
  if (compare(low, high) > 0)
    throw new CommandError(5733402, 'the bounding array in a range statement must be ascending');
  if (low instanceof Date !== (wanted !== undefined))
    throw new CommandError(5733501, 'numeric bounds may not have unit parameter, and dates must have one');
  return { step, unit: wanted, bounds: [low, high] };
}

function partsOf(documents: Document[], field: string[], by: string[][], { unit, bounds }: Range): Map<string, Part> {
  const parts = new Map<string, Part>();
  // An explicit range is filled even where there is nothing, unless each partition has its own.
  if (Array.isArray(bounds) && by.length === 0) parts.set('', { values: [], fields: [], kept: [] });
  for (const document of documents) {
    const fields = by.map((path) => follow(document, path, 0));
    const key = by.length ? encodeKey(fields.map((value) => value ?? null)).toString('latin1') : '';
    const part = parts.get(key) ?? { values: [], fields, kept: [] };
    parts.set(key, part);
    part.kept.push(document);
    const value = follow(document, field, 0);
    if (isNullish(value)) continue;
    checkValue(value, unit);
    part.values.push(value);
  }
  return parts;
}

function checkValue(value: Value, unit: Unit | undefined): void {
  if (value instanceof Date && unit === undefined)
    throw new CommandError(6053600, '$densify step unit must be specified for dates');
  if (isNumber(value) && unit !== undefined)
    throw new CommandError(6053601, '$densify may not have a step unit for numbers');
  if (!(value instanceof Date) && !isNumber(value))
    throw new CommandError(5733201, `Densify field type must be numeric or a date, not ${typeName(value)}`);
}

function extremes(values: Value[]): [Value, Value] | undefined {
  if (values.length === 0) return undefined;
  const least = values.reduce((best, value) => (compare(value, best) < 0 ? value : best));
  return [least, values.reduce((best, value) => (compare(value, best) > 0 ? value : best))];
}

/** The values of a range: a pair of bounds leaves its upper one out, the extremes of the documents are both there already. */
function* sequence(low: Value, high: Value, { step, unit, bounds }: Range): Generator<Value> {
  for (let i = 0; ; i++) {
    // From the start each time, so that months keep their day and sums no error.
    const value =
      low instanceof Date
        ? addedTo(low, unit as Unit, i * toNumber(step))
        : calculate('+', low, calculate('*', step, i));
    const difference = compare(value, high);
    if (difference > 0 || (difference === 0 && Array.isArray(bounds))) return;
    yield value;
  }
}

function keyOf(value: Value): string {
  return encodeKey([value]).toString('latin1');
}

function documentOf(fields: Value[], by: string[][], field: string[], value: Value): Document {
  const document: Document = {};
  for (const [i, path] of by.entries()) if (fields[i] !== undefined) setAt(document, path, fields[i]);
  setAt(document, field, value);
  return document;
}

function merged({ kept }: Part, added: Document[], field: string[]): Document[] {
  const place = (document: Document) => follow(document, field, 0) ?? null;
  return [...kept, ...added].sort((a, b) => compare(place(a), place(b)));
}
