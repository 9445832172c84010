import { OPERATORS } from './expression.ts';
import { ARITHMETIC } from './operators/arithmetic.ts';
import { ARRAYS } from './operators/arrays.ts';
import { BITS } from './operators/bits.ts';
import { CONDITIONS } from './operators/conditions.ts';
import { DATES } from './operators/dates.ts';
import { OBJECTS } from './operators/objects.ts';
import { SETS } from './operators/sets.ts';
import { STATISTICS } from './operators/statistics.ts';
import { STRINGS } from './operators/strings.ts';
import { TYPES } from './operators/types.ts';
import { PERCENTILES } from './percentiles.ts';

/** Makes every operator known to `compileExpression`. Imported once, by the table of commands. */
Object.assign(OPERATORS, CONDITIONS, ARITHMETIC, ARRAYS, OBJECTS, SETS, STRINGS, DATES, TYPES, STATISTICS, BITS);
Object.assign(OPERATORS, PERCENTILES);

/** The names of all expression operators that this engine has. */
export const EXPRESSION_NAMES: readonly string[] = Object.keys(OPERATORS);
