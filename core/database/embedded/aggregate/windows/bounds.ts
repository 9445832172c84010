import { CommandError, cut } from '../../errors.ts';
import type { SortField } from '../../query/sort.ts';
import { calculate } from '../../values/arithmetic.ts';
import { compare } from '../../values/compare.ts';
import { type Document, isDocument, type Value } from '../../values/document.ts';
import { isNumber, toInteger, toNumber, typeName } from '../../values/types.ts';
import { named } from '../arguments.ts';
import { addedTo, type Unit, unitOf } from '../operators/date-units.ts';

/** Which documents of a sorted partition a window holds around the one at `at`: from `from` up to `to`, not included. */
export type Window = (keys: Value[][], at: number) => { from: number; to: number };

type Bound = 'unbounded' | 'current' | { offset: Value };

/** The window of one output of `$setWindowFields`; undefined stands for the whole partition. */
export type WindowSpec = { window: Window; fromStart: boolean } | undefined;

/**
 * Reads a window (manual: reference/operator/aggregation/setWindowFields, "Window Field").
 * @throws CommandError 9 for one that is no window, 5339900 to 5339902 for bounds that do not fit together or to the sort
 */
export function windowOf(spec: Value, sort: SortField[]): WindowSpec {
  if (spec === undefined) return undefined;
  const { documents, range, unit } = named(spec, "'window' field", [], ['documents', 'range', 'unit']);
  if (documents !== undefined && range !== undefined)
    throw new CommandError(9, "Window bounds can specify either 'documents' or 'range', not both.");
  if (range === undefined && unit !== undefined)
    throw new CommandError(9, "Window bounds can only specify 'unit' with range-based bounds.");
  if (documents === undefined && range === undefined) return undefined;
  const wanted = unit === undefined ? undefined : unitOf(unit, "'window' field");
  const [lower, upper] = boundsOf(documents ?? range, documents !== undefined || wanted !== undefined);
  if (lower === 'unbounded' && upper === 'unbounded') return undefined;
  if (documents !== undefined) {
    if (sort.length === 0) throw new CommandError(5339901, 'Document-based bounds require a sortBy');
  } else if (sort.length !== 1 || sort[0]?.descending)
    throw new CommandError(5339902, 'Range-based bounds require sortBy a single field, ascending');
  const window = documents === undefined ? byRange(lower, upper, wanted) : byCount(lower, upper);
  return { window, fromStart: lower === 'unbounded' };
}

function boundsOf(pair: Value, whole: boolean): [Bound, Bound] {
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new CommandError(9, 'Window bounds must be a 2-element array of a lower and an upper bound.');
  const [lower, upper] = pair.map((bound): Bound => {
    if (bound === 'unbounded' || bound === 'current') return bound;
    if (!isNumber(bound))
      throw new CommandError(9, `Window bounds must be 'unbounded', 'current', or a number, not ${cut(bound)}`);
    return { offset: whole ? toInteger(bound, 'A window bound', 9) : bound };
  }) as [Bound, Bound];
  const place = (bound: Bound) => (typeof bound === 'object' ? toNumber(bound.offset) : 0);
  if (lower !== 'unbounded' && upper !== 'unbounded' && place(lower) > place(upper))
    throw new CommandError(5339900, 'Lower bound must not exceed upper bound');
  return [lower, upper];
}

function byCount(lower: Bound, upper: Bound): Window {
  const offset = (bound: Bound) => (typeof bound === 'object' ? Number(bound.offset) : 0);
  return ({ length }, at) => {
    const from = lower === 'unbounded' ? 0 : Math.max(at + offset(lower), 0);
    const to = upper === 'unbounded' ? length : Math.min(at + offset(upper) + 1, length);
    return { from, to: Math.max(to, from) };
  };
}

function byRange(lower: Bound, upper: Bound, unit: Unit | undefined): Window {
  return (keys, at) => {
    const current = keys[at]?.[0];
    const from =
      lower === 'unbounded' ? 0 : firstWhere(keys, (value) => compare(value, moved(current, lower, unit)) >= 0);
    const to =
      upper === 'unbounded'
        ? keys.length
        : firstWhere(keys, (value) => compare(value, moved(current, upper, unit)) > 0);
    return { from, to: Math.max(to, from) };
  };
}

/** The value of the sort field at a bound. @throws CommandError 5429414 or 5429513 when it is no number or date */
function moved(value: Value, bound: Bound, unit: Unit | undefined): Value {
  if (unit !== undefined) {
    if (!(value instanceof Date))
      throw new CommandError(
        5429513,
        `Invalid range: Expected the sortBy field to be a Date, but it was ${typeName(value)}`,
      );
    return typeof bound === 'object' ? addedTo(value, unit, Number(bound.offset)) : value;
  }
  if (!isNumber(value))
    throw new CommandError(
      5429414,
      `Invalid range: Expected the sortBy field to be a number, but it was ${typeName(value)}`,
    );
  return typeof bound === 'object' ? calculate('+', value, bound.offset) : value;
}

/** The first position whose sort value fulfils a condition that holds for all after it. */
function firstWhere(keys: Value[][], condition: (value: Value) => boolean): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (condition(keys[middle]?.[0])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The operator and the window of one output. @throws CommandError 9 unless there is one operator, with or without a window */
export function outputOf(field: string, spec: Value): { name: string; operand: Value; window: Value } {
  const { window, ...rest } = isDocument(spec) ? spec : ({} as Document);
  const [name, ...others] = Object.keys(rest);
  if (name === undefined || others.length || !name.startsWith('$'))
    throw new CommandError(9, `The field '${cut(field)}' must be an object with one window function`);
  return { name, operand: rest[name], window };
}
