import { CommandError, cut } from '../errors.ts';
import { compileFilter, type Found, REFUSED_TOP_OPERATORS } from '../query/match.ts';
import type { Context } from '../query/operators.ts';
import { equal } from '../values/compare.ts';
import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { splitPath } from '../values/path.ts';
import { show } from '../values/show.ts';
import { typeName } from '../values/types.ts';
import { ARRAY_UPDATES } from './array-operators.ts';
import { FIELD_UPDATES } from './field-operators.ts';
import { compileUpdatePipeline } from './pipeline.ts';
import { type ArrayFilters, resolveTargets } from './targets.ts';

/** Changes a document, which is the caller's own copy, and returns the result. */
export type Update = (document: Document, found: Found, inserting: boolean) => Document;

/** One operator on one path, with its operand read. */
export type Change = (document: Document, path: string[], inserting: boolean) => void;

/** Reads the operand of an update operator. @throws CommandError for one that MongoDB refuses */
export type UpdateOperator = (operand: Value, path: string, context: Context) => Change;

/** Every update operator that this engine has. */
export const UPDATE_OPERATORS: Readonly<Record<string, UpdateOperator>> = { ...FIELD_UPDATES, ...ARRAY_UPDATES };

/**
 * Compiles an update: a document of operators, a replacement, or a pipeline (manual: reference/operator/update,
 * tutorial/update-documents-with-aggregation-pipeline).
 */
export function compileUpdate(update: Value, context: Context, arrayFilters: Document[] = []): Update {
  if (Array.isArray(update)) {
    if (arrayFilters.length) throw new CommandError(9, 'arrayFilters may not be specified for pipeline-syle updates');
    return keepingId(compileUpdatePipeline(update, context));
  }
  if (!isDocument(update)) {
    throw new CommandError(9, 'Update argument must be either an object or an array');
  }
  if (!isOperatorUpdate(update)) return replacement(update);
  return keepingId(operators(update, context, arrayFilters));
}

/** Whether an update is made of operators rather than a replacement. */
export function isOperatorUpdate(update: Value): boolean {
  return isDocument(update) && Object.keys(update)[0]?.startsWith('$') === true;
}

function replacement(update: Document): Update {
  const bad = Object.keys(update).find((name) => name.startsWith('$'));
  if (bad) {
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${cut(bad)}' in '${cut(bad)}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  return (document) => {
    const id = document._id;
    const given = update._id;
    if (given !== undefined && id !== undefined && !equal(given, id)) throw changedId(given);
    const result: Document = {};
    const kept = id === undefined ? given : id;
    if (kept !== undefined) result._id = kept;
    for (const [name, value] of Object.entries(update)) if (name !== '_id') setField(result, name, value);
    return result;
  };
}

function changedId(id: Value): CommandError {
  return new CommandError(
    66,
    `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${cut(show(id))}`,
  );
}

function keepingId(update: Update): Update {
  return (document, found, inserting) => {
    const before = document._id;
    const result = update(document, found, inserting);
    if (before === undefined) return result;
    if (result._id === undefined || !equal(before, result._id)) {
      throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
    }
    return result;
  };
}

function operators(update: Document, context: Context, arrayFilters: Document[]): Update {
  const changes: { path: string; parts: string[]; change: Change }[] = [];
  const taken = new TakenPaths();
  for (const [name, operands] of Object.entries(update)) {
    const operator = Object.hasOwn(UPDATE_OPERATORS, name) ? UPDATE_OPERATORS[name] : undefined;
    if (!operator) {
      throw new CommandError(
        9,
        `Unknown modifier: ${cut(name)}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDocument(operands)) {
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeName(operands)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${cut(show(operands))}}`,
      );
    }
    for (const [path, operand] of Object.entries(operands)) {
      changes.push({ path, parts: taken.add(path), change: operator(operand, path, context) });
      if (name === '$rename' && typeof operand === 'string')
        changes.push({ path: operand, parts: taken.add(operand), change: () => {} });
    }
  }
  const filters = compileArrayFilters(
    arrayFilters,
    changes.map(({ parts }) => parts),
    context,
  );
  // MongoDB applies changes in the order of their paths since 5.0, which decides the order of new fields.
  changes.sort((a, b) => comparePaths(a.parts, b.parts));
  return (document, found, inserting) => {
    for (const { path, parts, change } of changes) {
      // A document that an upsert makes may have such a field; one that is there does not get it by an operator.
      if (isDollarField(parts) && !inserting) throw dollarField(path, parts);
      if (isDollarField(parts) || parts.every((part) => !part.startsWith('$'))) change(document, parts, inserting);
      else for (const target of resolveTargets(document, parts, filters, found)) change(document, target, inserting);
    }
    return document;
  };
}

function pathParts(path: string): string[] {
  const parts = splitPath(path);
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  if (parts.includes('')) {
    throw new CommandError(56, `The update path '${cut(path)}' contains an empty field name, which is not allowed.`);
  }
  if (parts[0]?.startsWith('$')) {
    const positional = parts[0] === '$' || parts[0].startsWith('$[');
    if (positional)
      throw new CommandError(
        2,
        `Cannot have array filter or positional identifier as the first part of path '${cut(path)}'`,
      );
    if (parts.slice(1).some((part) => part.startsWith('$'))) throw dollarField(path, parts);
  }
  return parts;
}

/** A name that begins with `$` and is no place in a list. */
function isDollarField(parts: string[]): boolean {
  return parts[0]?.startsWith('$') === true;
}

function dollarField(path: string, parts: string[]): CommandError {
  return new CommandError(
    52,
    `The dollar ($) prefixed field '${cut(parts[0] ?? '')}' in '${cut(path)}' is not allowed in the context of an update's operators. Use $setField.`,
  );
}

/** The paths of one update, of which none may hold another. */
class TakenPaths {
  #whole = new Set<string>();
  #starts = new Set<string>();

  /** @returns the parts of the path @throws CommandError 40 when it holds, or lies in, one that was added before */
  add(path: string): string[] {
    const parts = pathParts(path);
    const starts = parts.map((_, i) => parts.slice(0, i + 1).join('.'));
    const met = this.#starts.has(path) ? path : starts.find((start) => this.#whole.has(start));
    if (met !== undefined)
      throw new CommandError(40, `Updating the path '${cut(path)}' would create a conflict at '${cut(met)}'`);
    this.#whole.add(path);
    for (const start of starts) this.#starts.add(start);
    return parts;
  }
}

function comparePaths(a: string[], b: string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    if (/^\d+$/.test(x) && /^\d+$/.test(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function compileArrayFilters(specs: Document[], paths: string[][], context: Context): ArrayFilters {
  const filters: ArrayFilters = new Map();
  for (const spec of specs) {
    const identifier = identifierOf(spec);
    if (filters.has(identifier)) {
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${cut(identifier)}`);
    }
    const predicate = compileFilter(spec, context);
    filters.set(identifier, (element) => predicate({ [identifier]: element }));
    if (!paths.some((path) => path.includes(`$[${identifier}]`))) {
      throw new CommandError(9, `The array filter for identifier '${cut(identifier)}' was not used in the update`);
    }
  }
  for (const path of paths) {
    for (const part of path) {
      const identifier = /^\$\[(.+)\]$/.exec(part)?.[1];
      if (identifier && !filters.has(identifier)) {
        throw new CommandError(
          2,
          `No array filter found for identifier '${cut(identifier)}' in path '${cut(path.join('.'))}'`,
        );
      }
    }
  }
  return filters;
}

/** The one element that a filter is of (manual: reference/operator/update/positional-filtered). @throws CommandError 9 or 2 */
function identifierOf(spec: Document): string {
  const [first, second] = new Set(identifiersOf(spec));
  if (first === undefined)
    throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (second !== undefined)
    throw new CommandError(
      9,
      `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${cut(first)}' and '${cut(second)}'`,
    );
  if (/^[a-z][a-zA-Z0-9]*$/.test(first)) return first;
  throw new CommandError(
    2,
    `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${cut(first)}'`,
  );
}

function identifiersOf(spec: Document): string[] {
  return Object.entries(spec).flatMap(([name, value]) => {
    if (name === '$expr')
      throw new CommandError(224, '$expr is not allowed in the query predicate for an array filter');
    if (REFUSED_TOP_OPERATORS.includes(name)) throw new CommandError(2, `${name} is not allowed in this context`);
    if (!name.startsWith('$')) return [splitPath(name)[0] as string];
    return Array.isArray(value) ? value.filter(isDocument).flatMap(identifiersOf) : [];
  });
}
