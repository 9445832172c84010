import { BSONRegExp } from 'bson';
import { RANK, rankOf } from '../values/compare.ts';
import { isDecimalNaN } from '../values/decimal.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { EMPTY_ARRAY, encodeKey } from '../values/key.ts';
import { isOperators } from './match.ts';
import { literalPrefix } from './regex.ts';

/** What a filter says about one field: that it is one of some values, or between two. */
export type Bound = { values?: Value[]; ranges: Range[] };
/**
 * `sides`: low and high come from two conditions, which an array may satisfy by two elements.
 * `prefix`: low is the beginning of the strings.
 */
export type Range = { low?: Value; high?: Value; rank: number; sides?: boolean; prefix?: boolean };

/** Notes what the conditions that must all hold say about each field. */
export function collectBounds(filter: Document, into: Map<string, Bound>): void {
  for (const [path, operand] of Object.entries(filter)) {
    if (path === '$and' && Array.isArray(operand)) {
      for (const branch of operand) if (isDocument(branch)) collectBounds(branch, into);
    } else if (!path.startsWith('$')) {
      for (const bound of boundsOf(operand)) {
        const known = into.get(path);
        // Of several conditions any one is enough to search by; equality is the best, then the narrower range.
        if (!known || (bound.values && (!known.values || bound.values.length < known.values.length)))
          into.set(path, bound);
      }
    }
  }
}

function boundsOf(operand: Value): Bound[] {
  if (!isOperators(operand)) return [equalTo(operand)];
  const bounds: Bound[] = [];
  const { $gt, $gte, $lt, $lte } = operand;
  const low = '$gt' in operand ? $gt : $gte;
  const high = '$lt' in operand ? $lt : $lte;
  if ('$eq' in operand) bounds.push(operand.$eq instanceof BSONRegExp ? exactly([operand.$eq]) : equalTo(operand.$eq));
  if (Array.isArray(operand.$in)) {
    const all = operand.$in.map(equalTo);
    if (all.every(({ values }) => values))
      bounds.push({ values: distinct(all.flatMap(({ values }) => values ?? [])), ranges: [] });
    else
      bounds.push({
        ranges: all.flatMap(({ values, ranges }) => [
          ...ranges,
          ...(values ?? []).map((value) => ({ low: value, high: value, rank: rankOf(value) })),
        ]),
      });
  }
  if (Array.isArray(operand.$all) && operand.$all.length && !isOperators(operand.$all[0]))
    bounds.push(equalTo(operand.$all[0]));
  const hasLow = '$gt' in operand || '$gte' in operand;
  const hasHigh = '$lt' in operand || '$lte' in operand;
  if (hasLow || hasHigh) bounds.push(...rangesOf(hasLow, low, hasHigh, high));
  if (typeof operand.$regex === 'string' || operand.$regex instanceof BSONRegExp) {
    const { $regex, $options } = operand;
    const pattern = $regex instanceof BSONRegExp ? $regex : { pattern: $regex, options: '' };
    const bound = prefixed(pattern.pattern, typeof $options === 'string' ? $options : pattern.options);
    if (bound) bounds.push(bound);
  }
  return bounds;
}

function distinct(values: Value[]): Value[] {
  const known = new Map(values.map((value) => [encodeKey([value]).toString('latin1'), value]));
  return [...known.values()];
}

function exactly(values: Value[]): Bound {
  return { values, ranges: [] };
}

function equalTo(value: Value): Bound {
  if (value instanceof BSONRegExp) return prefixed(value.pattern, value.options) ?? { ranges: everything() };
  // A whole array is held element by element; it is found by its first, or as an element of an array itself.
  if (Array.isArray(value)) return exactly(distinct([value.length ? value[0] : EMPTY_ARRAY, value]));
  return exactly([value]);
}

function everything(): Range[] {
  return [{ rank: RANK.string }, { rank: RANK.regex }];
}

function prefixed(pattern: string, options: string): Bound | undefined {
  if (!/^[imsxu]*$/.test(options)) return undefined;
  const literal = literalPrefix(new BSONRegExp(pattern, options));
  if (literal === '') return { ranges: everything() };
  return { ranges: [{ low: literal, prefix: true, rank: RANK.string }, { rank: RANK.regex }] };
}

function rangesOf(hasLow: boolean, low: Value, hasHigh: boolean, high: Value): Bound[] {
  for (const [has, value] of [
    [hasLow, low],
    [hasHigh, high],
  ] as const) {
    const rank = rankOf(value);
    if (has && (rank === RANK.minKey || rank === RANK.maxKey || rank === RANK.array || rank === RANK.null)) return [];
    if (has && rank === RANK.number && isDecimalNaN(value)) return [];
  }
  const rank = rankOf(hasLow ? low : high);
  const upTo = hasHigh && rankOf(high) === rank ? high : undefined;
  return [{ ranges: [{ low: hasLow ? low : undefined, high: upTo, rank, sides: hasLow && hasHigh }] }];
}
