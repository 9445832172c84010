import { compare } from '../../values/compare.ts';
import type { Value } from '../../values/document.ts';
import { encodeKey } from '../../values/key.ts';
import { isTruthy } from '../../values/types.ts';
import { MANY, nullable, positional } from '../arguments.ts';
import type { Operator } from '../expression.ts';
import { arrayOf } from './arrays.ts';

/** An array's distinct values by their index key, under which equal values of different number types are one. */
function setOf(value: Value, name: string, code: number): Map<string, Value> {
  return new Map(arrayOf(value, name, code).map((element) => [encodeKey([element]).toString('latin1'), element]));
}

function sorted(set: Map<string, Value>): Value[] {
  return [...set.values()].sort((a, b) => compare(a, b));
}

function equals(...values: Value[]): Value {
  const [first, ...others] = values.map((value) => setOf(value, '$setEquals', 17044));
  return others.every((set) => set.size === first?.size && [...set.keys()].every((key) => first.has(key)));
}

function intersection(...values: Value[]): Value {
  const [first = new Map<string, Value>(), ...others] = values.map((value) => setOf(value, '$setIntersection', 17047));
  return sorted(new Map([...first].filter(([key]) => others.every((set) => set.has(key)))));
}

/** Expressions of sets; results are sorted, so that the same sets give the same array. */
export const SETS: Readonly<Record<string, Operator>> = {
  $setEquals: positional(2, MANY, equals),
  $setIntersection: nullable(0, MANY, intersection),
  $setUnion: nullable(0, MANY, (...values) =>
    sorted(new Map(values.flatMap((value) => [...setOf(value, '$setUnion', 17043)]))),
  ),
  $setDifference: nullable(2, 2, (a, b) => {
    const without = setOf(b, '$setDifference', 17049);
    return [...setOf(a, '$setDifference', 17048)].filter(([key]) => !without.has(key)).map(([, value]) => value);
  }),
  $setIsSubset: positional(2, 2, (a, b) => {
    const whole = setOf(b, '$setIsSubset', 17042);
    return [...setOf(a, '$setIsSubset', 17046).keys()].every((key) => whole.has(key));
  }),
  $anyElementTrue: positional(1, 1, (value) => arrayOf(value, '$anyElementTrue', 17041).some(isTruthy)),
  $allElementsTrue: positional(1, 1, (value) => arrayOf(value, '$allElementsTrue', 17040).every(isTruthy)),
};
