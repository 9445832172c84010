import type { Operator } from './expression.ts';
import { ARITHMETIC } from './operators/arithmetic.ts';
import { ARRAYS } from './operators/arrays.ts';
import { CONDITIONS } from './operators/conditions.ts';
import { DATES } from './operators/dates.ts';
import { OBJECTS } from './operators/objects.ts';
import { SETS } from './operators/sets.ts';
import { STRINGS } from './operators/strings.ts';
import { TYPES } from './operators/types.ts';

/** Every expression operator that this engine has, by name. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  ...CONDITIONS,
  ...ARITHMETIC,
  ...ARRAYS,
  ...OBJECTS,
  ...SETS,
  ...STRINGS,
  ...DATES,
  ...TYPES,
};
