import { BSONRegExp } from 'bson';
import { compileExpression, type Expression, isExpressionName, type Scope } from '../aggregate/expression.ts';
import { CommandError, cut, unsupported } from '../errors.ts';
import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { isNumber, isTruthy, toInteger } from '../values/types.ts';
import { compileFilter, type Found, type Predicate } from './match.ts';
import type { Context } from './operators.ts';

/** What becomes of a field. */
type Leaf =
  | { kind: 'keep' | 'drop' | 'position' }
  | { kind: 'compute'; expression: Expression }
  | { kind: 'slice'; skip: number | undefined; count: number }
  | { kind: 'elemMatch'; predicate: Predicate };

/** The fields below one field, whether any of them is computed, and whether one is that of the positional `$`. */
type Branch = { kind: 'branch'; fields: Map<string, Leaf | Branch>; computes: boolean; positions: boolean };

/** What a projection does with the fields that it does not name. */
type Mode = 'include' | 'exclude' | 'add';

/**
 * How one document is projected.
 * `found`: what the filter noted; `'used'` below the array that the positional `$` cut.
 * `deep`: within an array that lies right in an array, where `$slice` cuts nothing.
 */
type Run = { mode: Mode; scope: Scope; found?: Found | 'used' | undefined; deep?: boolean };

/** Makes a document from a document; `found` is what the filter noted for the positional `$`. */
export type Projection = (document: Document, scope: Scope, found?: Found) => Document;

/**
 * Compiles a projection (manual: reference/method/db.collection.find, "Projection"; reference/operator/aggregation/project).
 *
 * @param kind - `find` also knows `$slice`, `$elemMatch` and the positional `$`; `stage` is `$project`
 * @throws CommandError 31253, 31254 for inclusion mixed with exclusion, 31249 for paths of which one holds the other
 */
export function compileProjection(spec: Document, context: Context, kind: 'find' | 'stage'): Projection {
  const leaves = flatten(spec, '', context, kind);
  if (leaves.length === 0 && kind === 'stage') {
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  if (leaves.filter(([, leaf]) => leaf.kind === 'position').length > 1)
    throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
  const mode = modeOf(leaves);
  const root = tree(leaves);
  if (mode === 'include' && !root.fields.has('_id')) root.fields.set('_id', { kind: 'keep' });
  return (document, scope, found) => applyDocument(root, document, { mode, scope, found });
}

/** Compiles `$addFields`: every field of the specification is computed, the others stay. */
export function compileAddFields(spec: Document, context: Context): Projection {
  const leaves = computed(spec, '', context);
  if (leaves.length === 0)
    throw new CommandError(40177, 'Invalid $addFields :: caused by :: specification must have at least one field');
  const root = tree(leaves);
  return (document, scope) => applyDocument(root, document, { mode: 'add', scope });
}

/** The fields that an inclusion without anything computed names, or undefined for other projections. */
export function plainInclusions(spec: Document): string[] | undefined {
  const entries = Object.entries(spec);
  const plain = entries.every(([, value]) => value === true || (isNumber(value) && isTruthy(value)));
  return plain && entries.length ? entries.map(([path]) => path) : undefined;
}

function computed(spec: Document, prefix: string, context: Context): [string, Leaf][] {
  return Object.entries(spec).flatMap(([name, value]): [string, Leaf][] => {
    checkName(name);
    const path = prefix + name;
    if (isDocument(value) && Object.keys(value).length && !Object.keys(value)[0]?.startsWith('$')) {
      return computed(value, `${path}.`, context);
    }
    return [[path, { kind: 'compute', expression: compileExpression(value, context) }]];
  });
}

function checkName(name: string): void {
  if (name === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (name.startsWith('$')) throw new CommandError(16410, `FieldPath field names may not start with '$': ${cut(name)}`);
  if (name.split('.').includes('')) throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
}

function flatten(spec: Document, prefix: string, context: Context, kind: 'find' | 'stage'): [string, Leaf][] {
  return Object.entries(spec).flatMap(([name, value]): [string, Leaf][] => {
    const path = prefix + name;
    if (kind === 'find' && name.includes('.$.'))
      throw new CommandError(
        31394,
        `As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.`,
      );
    if (kind === 'find' && name.endsWith('.$')) return [[positioned(path, value), { kind: 'position' }]];
    checkName(name);
    if (typeof value === 'boolean' || isNumber(value)) return [[path, { kind: isTruthy(value) ? 'keep' : 'drop' }]];
    if (!isDocument(value)) {
      if (value instanceof BSONRegExp && kind === 'stage') throw unsupported('A regular expression in $project');
      return [[path, { kind: 'compute', expression: compileExpression(value, context) }]];
    }
    const [first] = Object.keys(value);
    if (first === undefined) {
      throw new CommandError(
        51270,
        `An empty sub-projection is not a valid value. Found empty object at path ${cut(path)}`,
      );
    }
    if (!first.startsWith('$')) return flatten(value, `${path}.`, context, kind);
    if (kind === 'find' && first === '$slice') {
      const leaf = slice(value.$slice);
      if (leaf) return [[path, leaf]];
    }
    if (kind === 'find' && first === '$elemMatch') return [[path, elemMatch(path, value, context)]];
    if (first === '$meta') throw unsupported('The projection $meta');
    if (Object.keys(value).length === 1 && !isExpressionName(first)) {
      const where = kind === 'stage' ? 'Invalid $project :: caused by :: ' : '';
      throw new CommandError(31325, `${where}Unknown expression ${cut(first)}`);
    }
    return [[path, { kind: 'compute', expression: compileExpression(value, context) }]];
  });
}

function slice(operand: Value): Leaf | undefined {
  if (isNumber(operand)) return { kind: 'slice', skip: undefined, count: toInteger(operand, '$slice') };
  // `{$slice: ['$field', n]}` is the expression of the same name.
  if (!Array.isArray(operand) || !isNumber(operand[0])) return undefined;
  const count = toInteger(operand[1], '$slice limit');
  if (count <= 0) throw new CommandError(28724, 'First argument to $slice must be positive');
  return { kind: 'slice', skip: toInteger(operand[0], '$slice skip'), count };
}

/** The path before a positional `$`. @throws CommandError for one that is no inclusion of a field */
function positioned(path: string, value: Value): string {
  if (path === '.$') throw new CommandError(5392900, 'FieldPath cannot be constructed with empty string');
  if (isDocument(value))
    throw new CommandError(31271, 'positional projection cannot be used with an expression or sub object');
  if (!isTruthy(value)) throw new CommandError(31395, 'positional projection cannot be used with exclusion');
  return path.slice(0, -2);
}

function elemMatch(path: string, { $elemMatch: condition }: Document, context: Context): Leaf {
  if (path.includes('.')) throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field');
  if (!isDocument(condition)) throw new CommandError(31274, 'elemMatch: Invalid argument, object required');
  return { kind: 'elemMatch', predicate: compileFilter({ value: { $elemMatch: condition } }, context) };
}

function modeOf(leaves: [string, Leaf][]): Mode {
  const others = leaves.filter(([path]) => path !== '_id');
  const including = (others.length ? others : leaves).find(
    ([, { kind }]) => kind !== 'drop' && kind !== 'slice' && kind !== 'elemMatch',
  );
  const excluding = others.find(([, { kind }]) => kind === 'drop');
  // `$slice` fits both; `$elemMatch` includes where nothing else says otherwise.
  if (!including && !excluding && leaves.some(([, { kind }]) => kind === 'elemMatch')) return 'include';
  if (!including) return 'exclude';
  if (!excluding) return 'include';
  const first = leaves.indexOf(including) < leaves.indexOf(excluding) ? including : excluding;
  if (first === including) {
    throw new CommandError(31254, `Cannot do exclusion on field ${cut(excluding[0])} in inclusion projection`);
  }
  const code = including[1].kind === 'compute' ? 31252 : 31253;
  const what = code === 31252 ? 'use an expression' : `do inclusion on field ${cut(including[0])}`;
  throw new CommandError(code, `Cannot ${what} in exclusion projection`);
}

function newBranch(): Branch {
  return { kind: 'branch', fields: new Map(), computes: false, positions: false };
}

function tree(leaves: [string, Leaf][]): Branch {
  const root = newBranch();
  for (const [path, leaf] of leaves) {
    let branch = root;
    const parts = splitPath(path);
    for (const [i, part] of parts.entries()) {
      branch.computes ||= leaf.kind === 'compute' || leaf.kind === 'elemMatch';
      branch.positions ||= leaf.kind === 'position';
      const child = branch.fields.get(part);
      const last = i === parts.length - 1;
      if (child && (last || child.kind !== 'branch')) {
        const rest = last ? 'none' : parts.slice(i + 1).join('.');
        throw new CommandError(31249, `Path collision at ${cut(path)} remaining portion ${cut(rest)}`);
      }
      if (last) branch.fields.set(part, leaf);
      else {
        const next = child?.kind === 'branch' ? child : newBranch();
        branch.fields.set(part, next);
        branch = next;
      }
    }
  }
  return root;
}

function applyDocument(branch: Branch, document: Document, run: Run): Document {
  const { mode, scope } = run;
  const result: Document = {};
  for (const [name, value] of Object.entries(document)) {
    const child = branch.fields.get(name);
    if (!child) {
      if (mode !== 'include') setField(result, name, value);
    } else if (child.kind === 'branch') {
      const inner = applyValue(child, value, run);
      if (inner !== undefined) setField(result, name, inner);
    } else if (child.kind === 'elemMatch' && mode === 'include') {
      // Comes after what is kept, as what is computed does.
    } else if (child.kind === 'compute') {
      // Keeps its place in `$addFields`; a `$project` puts what it computes after what it keeps.
      const made = mode === 'include' ? undefined : child.expression(scope);
      if (made !== undefined) setField(result, name, made);
    } else {
      const kept = applyLeaf(child, value, run);
      if (kept !== undefined) setField(result, name, kept);
    }
  }
  if (branch.computes) addComputed(branch, document, result, run);
  return result;
}

function addComputed(branch: Branch, document: Document, result: Document, run: Run): void {
  for (const [name, child] of branch.fields) {
    if (Object.hasOwn(document, name) && (run.mode !== 'include' || child.kind === 'branch')) continue;
    let value: Value;
    if (child.kind === 'compute') value = child.expression(run.scope);
    else if (child.kind === 'elemMatch') value = applyLeaf(child, document[name], run);
    else if (child.kind === 'branch' && child.computes)
      value = applyDocument(child, {}, { mode: run.mode, scope: run.scope });
    if (value !== undefined) setField(result, name, value);
  }
}

function applyValue(branch: Branch, value: Value, run: Run, inArray = false): Value {
  if (isDocument(value)) return applyDocument(branch, value, run);
  if (Array.isArray(value)) {
    // The positional `$` is of the first array on its path.
    const cuts = branch.positions && run.found !== 'used';
    const inner: Run = { ...run, deep: run.deep === true || inArray, ...(cuts && { found: 'used' }) };
    const items = cuts ? elementFound(value, run.found) : value;
    return items.map((item) => applyValue(branch, item, inner, true)).filter((item) => item !== undefined);
  }
  if (branch.computes) return applyDocument(branch, {}, run);
  return run.mode === 'include' ? undefined : value;
}

/** The one element by which the filter matched. @throws CommandError 51246 when it did not match by an element */
function elementFound(array: Value[], found: Run['found']): Value[] {
  if (found === 'used') return array;
  if (found?.position === undefined) {
    throw new CommandError(
      51246,
      "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
    );
  }
  return array.slice(found.position, found.position + 1);
}

function applyLeaf(leaf: Exclude<Leaf, { kind: 'compute' }>, value: Value, { found, deep }: Run): Value {
  switch (leaf.kind) {
    case 'keep':
      return value;
    case 'drop':
      return undefined;
    case 'slice': {
      if (!Array.isArray(value) || deep) return value;
      const { skip, count } = leaf;
      if (skip === undefined) return count < 0 ? value.slice(count) : value.slice(0, count);
      const from = skip < 0 ? Math.max(value.length + skip, 0) : skip;
      return value.slice(from, from + count);
    }
    case 'elemMatch': {
      const note: Found = {};
      const matches = Array.isArray(value) && leaf.predicate({ value }, note);
      return matches && note.position !== undefined ? [value[note.position]] : undefined;
    }
    case 'position':
      return Array.isArray(value) ? elementFound(value, found) : value;
  }
}
