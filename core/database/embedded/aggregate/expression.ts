import { CommandError, cut, unsupported } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { type Document, getField, isDocument, setField, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { REFUSED_EXPRESSIONS } from './refused.ts';

/** What an expression is evaluated on: the document and the variables by name. */
export type Scope = { root: Document; current?: Value; variables: Record<string, Value> };

/** A compiled expression. `undefined` means that it has no value, which differs from null. */
export type Expression = (scope: Scope) => Value;

/** Makes the expression of one operator from what stands after it. */
export type Operator = (operand: Value, context: Context, name: string) => Expression;

/** Operators that compare strings by their bytes whatever the collation: refused where one is asked for. */
const BYTEWISE = [
  '$in',
  '$indexOfArray',
  '$maxN',
  '$minN',
  '$setEquals',
  '$setIntersection',
  '$setUnion',
  '$setDifference',
  '$setIsSubset',
];

/** Whether a name is that of an expression of MongoDB, be it one that this engine refuses. */
export function isExpressionName(name: string): boolean {
  return Object.hasOwn(OPERATORS, name) || REFUSED_EXPRESSIONS.includes(name);
}

/** Every expression operator that this engine has, by name; filled by `operators.ts`, which needs this file itself. */
export const OPERATORS: Record<string, Operator> = {};

/**
 * Compiles an aggregation expression (manual: meta/aggregation-quick-reference, "Expressions").
 * @throws CommandError for an expression that MongoDB refuses; 238 for one that this engine does not have
 */
export function compileExpression(spec: Value, context: Context): Expression {
  if (typeof spec === 'string' && spec.startsWith('$')) {
    return spec.startsWith('$$') ? variable(spec.slice(2), context) : fieldPath(spec.slice(1));
  }
  if (Array.isArray(spec)) {
    const items = spec.map((item) => compileExpression(item, context));
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  if (!isDocument(spec)) return () => spec;
  const [first] = Object.keys(spec);
  if (first?.startsWith('$')) return operation(first, spec, context);
  const fields = Object.entries(spec).map(([name, value]) => [name, compileExpression(value, context)] as const);
  return (scope) => {
    const document: Document = {};
    for (const [name, expression] of fields) {
      const value = expression(scope);
      if (value !== undefined) setField(document, name, value);
    }
    return document;
  };
}

function operation(name: string, spec: Document, context: Context): Expression {
  const count = Object.keys(spec).length;
  if (count > 1) {
    throw new CommandError(
      15983,
      `an expression specification must contain exactly one field, the name of the expression. Found ${count} fields in ${cut(JSON.stringify(Object.keys(spec)))}`,
    );
  }
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator) {
    if (context.strings && BYTEWISE.includes(name)) throw unsupported(`The expression ${name} with a collation`);
    return operator(spec[name], context, name);
  }
  if (REFUSED_EXPRESSIONS.includes(name)) throw unsupported(`The expression ${name}`);
  throw new CommandError(168, `Unrecognized expression '${cut(name)}'`);
}

function fieldPath(path: string): Expression {
  const parts = splitPath(path);
  if (parts.some((part) => part === '')) {
    throw new CommandError(parts.length === 1 ? 16872 : 15998, `FieldPath '${cut(path)}' has an empty part`);
  }
  const bad = parts.find((part) => part.startsWith('$'));
  if (bad)
    throw new CommandError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  return ({ root, current }) => follow(current === undefined ? root : current, parts, 0);
}

/** The value at a path as expressions see it: an array on the way gives an array of what its documents give. */
export function follow(value: Value, parts: string[], at: number): Value {
  const part = parts[at];
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    const found: Value[] = [];
    for (const element of value) {
      const inner = Array.isArray(element) ? undefined : follow(element, parts, at);
      if (inner !== undefined) found.push(inner);
    }
    return found;
  }
  return isDocument(value) ? follow(getField(value, part), parts, at + 1) : undefined;
}

/** Variables that are there without being declared. */
export const SYSTEM_VARIABLES = ['ROOT', 'CURRENT', 'NOW', 'REMOVE', 'DESCEND', 'PRUNE', 'KEEP'];

function variable(path: string, context: Context): Expression {
  const [name = '', ...parts] = splitPath(path);
  switch (name) {
    case 'ROOT':
      return ({ root }) => follow(root, parts, 0);
    case 'CURRENT':
      return ({ root, current }) => follow(current === undefined ? root : current, parts, 0);
    case 'NOW': {
      const now = context.now ?? new Date();
      return () => follow(now, parts, 0);
    }
    case 'REMOVE':
      return () => undefined;
    case 'DESCEND':
    case 'PRUNE':
    case 'KEEP':
      return () => name.toLowerCase();
    case 'CLUSTER_TIME':
    case 'SEARCH_META':
    case 'USER_ROLES':
      throw unsupported(`The variable $$${name}`);
  }
  if (!Object.hasOwn(context.variables ?? {}, name)) {
    throw new CommandError(17276, `Use of undefined variable: ${cut(name)}`);
  }
  return ({ variables }) => follow(variables[name], parts, 0);
}

/** A context in which some more variables are declared. */
export function declare(context: Context, names: string[]): Context {
  const variables = { ...context.variables };
  for (const name of names) variables[name] = undefined;
  return { ...context, variables };
}
