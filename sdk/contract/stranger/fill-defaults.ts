import { escapeToken } from '../pointer.ts';
import { type Budget, newBudget, spend } from './budget.ts';
import { resolve } from './judge.ts';

type Fields = Record<string, unknown>;

/**
 * A copy of a value with the schema's `default`s where a field is missing, also within objects and lists that are there.
 * What stands in `anyOf` or `oneOf` adds nothing: which form is meant is not known before.
 *
 * @throws TooMuchError
 */
export function fillDefaults<Value>(root: object, value: Value, budget: Budget = newBudget()): Value {
  const copy = structuredClone(value);
  fill(root as Fields, root, copy, '', budget);
  return copy;
}

function fill(root: Fields, schema: unknown, value: unknown, pointer: string, budget: Budget): void {
  spend(budget, 1, pointer);
  if (!isObject(schema) || typeof value !== 'object' || value === null) return;
  if (typeof schema.$ref === 'string') fill(root, resolve(root, schema.$ref), value, pointer, budget);
  for (const form of Array.isArray(schema.allOf) ? schema.allOf : []) fill(root, form, value, pointer, budget);
  if (Array.isArray(value)) {
    if (!isObject(schema.items)) return;
    for (const [i, item] of value.entries()) fill(root, schema.items, item, `${pointer}/${i}`, budget);
    return;
  }
  const fields = value as Fields;
  for (const [name, child] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    const at = `${pointer}/${escapeToken(name)}`;
    if (!Object.hasOwn(fields, name)) {
      spend(budget, 0.1, at);
      if (!isObject(child) || child.default === undefined) continue;
      // A large default in each of many entries would fill the memory.
      spend(budget, JSON.stringify(child.default).length / 10, at);
      fields[name] = structuredClone(child.default);
    }
    fill(root, child, fields[name], at, budget);
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
