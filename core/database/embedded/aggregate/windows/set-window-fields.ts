import { CommandError, cut, unsupported } from '../../errors.ts';
import type { Context } from '../../query/operators.ts';
import { compileAddFields } from '../../query/project.ts';
import { compareSortKeys, parseSort, type SortField, sortKey } from '../../query/sort.ts';
import { compare } from '../../values/compare.ts';
import { type Document, isDocument, type Value } from '../../values/document.ts';
import { ACCUMULATORS } from '../accumulators.ts';
import { named } from '../arguments.ts';
import { compileExpression, declare } from '../expression.ts';
import { REFUSED_ACCUMULATORS } from '../refused.ts';
import { type Environment, type Stage, whole } from '../stage.ts';
import { outputOf, windowOf } from './bounds.ts';
import { type Partition, WHOLE_FUNCTIONS, type WindowFunction } from './functions.ts';
import { accumulated, WINDOW_FUNCTIONS } from './over-windows.ts';

/** Every function that an output of `$setWindowFields` may have. */
export const WINDOW_NAMES = [
  ...ACCUMULATORS.filter((name) => name !== '$mergeObjects'),
  ...Object.keys(WHOLE_FUNCTIONS),
  ...Object.keys(WINDOW_FUNCTIONS),
];

/** `$setWindowFields` (manual: reference/operator/aggregation/setWindowFields). */
export function setWindowFields(spec: Value, { context }: Environment): Stage {
  const { partitionBy, sortBy, output } = named(spec, '$setWindowFields', ['output'], ['partitionBy', 'sortBy']);
  if (sortBy !== undefined && !isDocument(sortBy)) throw new CommandError(9, 'sortBy must be an object');
  if (!isDocument(output)) throw new CommandError(9, "'output' must be an object");
  const sort = sortBy ? parseSort(sortBy) : [];
  const fields = Object.keys(output);
  const functions = fields.map((field) => compileFunction(field, output[field], context, sort));
  // The values are put in as $addFields would, so that a field may be a path.
  const names = fields.map((_, i) => `window ${i}`);
  const put = compileAddFields(
    Object.fromEntries(fields.map((field, i) => [field, `$$${names[i]}`])),
    declare(context, names),
  );
  return whole((documents) =>
    partitions(documents, partitionBy ?? null, sort, context).flatMap((partition) => {
      const columns = functions.map((compute) => compute(partition));
      return partition.documents.map((root, row) => {
        const values = columns.map((column, i) => [names[i], column[row] ?? null]);
        return put(root, { root, variables: { ...context.variables, ...Object.fromEntries(values) } });
      });
    }),
  );
}

function compileFunction(field: string, spec: Value, context: Context, sort: SortField[]): WindowFunction {
  const { name, operand, window } = outputOf(field, spec);
  const make = Object.hasOwn(WHOLE_FUNCTIONS, name) ? WHOLE_FUNCTIONS[name] : undefined;
  if (make) {
    if (window !== undefined) throw new CommandError(5371601, `${name} does not accept a 'window' field`);
    return make(operand, context, sort, name);
  }
  if (REFUSED_ACCUMULATORS.includes(name)) throw unsupported(`The window function ${name}`);
  if (!WINDOW_NAMES.includes(name)) throw new CommandError(9, `Unrecognized window function, ${cut(name)}`);
  const bounds = windowOf(window, sort);
  const over = Object.hasOwn(WINDOW_FUNCTIONS, name) ? WINDOW_FUNCTIONS[name] : undefined;
  return over ? over(operand, bounds, context, sort) : accumulated(name, operand, bounds, context);
}

/** Documents by the value of `partitionBy`, in its order, each part sorted. */
function partitions(documents: Document[], partitionBy: Value, sort: SortField[], context: Context): Partition[] {
  const expression = compileExpression(partitionBy, context);
  const members = documents.map((root) => {
    const part = expression({ root, variables: context.variables ?? {} }) ?? null;
    if (Array.isArray(part))
      throw new CommandError(5429900, 'An expression used to partition cannot evaluate to value of type array');
    return { root, part, key: sortKey(root, sort, context.strings) };
  });
  members.sort(
    (a, b) => compare(a.part, b.part, context.strings) || compareSortKeys(a.key, b.key, sort, context.strings),
  );
  const found: Partition[] = [];
  for (const [i, { root, part, key }] of members.entries()) {
    const before = members[i - 1];
    if (!before || compare(before.part, part, context.strings)) found.push({ documents: [], keys: [] });
    found.at(-1)?.documents.push(root);
    found.at(-1)?.keys.push(key);
  }
  return found;
}
