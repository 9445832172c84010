import { BSONRegExp } from 'bson';
import { compileExpression } from '../aggregate/expression.ts';
import { CommandError, cut, unsupported } from '../errors.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath, walk } from '../values/path.ts';
import { isTruthy, toNumber } from '../values/types.ts';
import { compileJsonSchema } from './json-schema.ts';
import { type Context, equality, FIELD_OPERATORS, type FieldTest, REFUSED_FIELD_OPERATORS } from './operators.ts';

/** What a match found out: the element of the outermost array by which it matched, for the positional `$`. */
export type Found = { position?: number };

/** Whether a document matches a filter; notes the array position in `found` when it is given. */
export type Predicate = (document: Document, found?: Found) => boolean;

/** Operators of the top level that MongoDB has and this engine refuses. */
export const REFUSED_TOP_OPERATORS = ['$text', '$where'];

/** Operators of the top level that this engine has. */
export const TOP_OPERATORS = [
  '$and',
  '$or',
  '$nor',
  '$expr',
  '$comment',
  '$alwaysTrue',
  '$alwaysFalse',
  '$jsonSchema',
  '$sampleRate',
];

/** Fields of a reference, no operators (manual: reference/database-references). */
const REFERENCE = ['$ref', '$id', '$db'];

/**
 * Compiles a filter (manual: reference/operator/query) into a predicate.
 * @throws CommandError 2 for a filter that MongoDB refuses, 238 for an operator that this engine does not have
 */
export function compileFilter(filter: Document, context: Context = {}): Predicate {
  const tests = Object.entries(filter).map(([key, operand]) =>
    key.startsWith('$') && !REFERENCE.includes(key) ? topLevel(key, operand, context) : field(key, operand, context),
  );
  const [first] = tests;
  if (!first) return () => true;
  if (tests.length === 1) return first;
  return (document, found) => tests.every((test) => test(document, found));
}

/**
 * The fields of a document that a filter looks at, by their names at the top; undefined when it may look at any.
 */
export function fieldsOf(filter: Document): Set<string> | undefined {
  const names = new Set<string>();
  for (const [key, operand] of Object.entries(filter)) {
    if (key === '$and' || key === '$or' || key === '$nor') {
      for (const branch of Array.isArray(operand) ? operand : []) {
        const inner = isDocument(branch) ? fieldsOf(branch) : undefined;
        if (!inner) return undefined;
        for (const name of inner) names.add(name);
      }
    } else if (key.startsWith('$') && key !== '$comment') return undefined;
    else if (!key.startsWith('$')) names.add(splitPath(key)[0] as string);
  }
  return names;
}

function topLevel(operator: string, operand: Value, context: Context): Predicate {
  switch (operator) {
    case '$and': {
      const tests = branches(operator, operand, context);
      return (document, found) => tests.every((test) => test(document, found));
    }
    case '$or': {
      const tests = branches(operator, operand, context);
      // Which branch matched does not say where, but for values of one field, which are a `$in`.
      const places = isIn(operand);
      return (document, found) => tests.some((test) => test(document, places ? found : undefined));
    }
    case '$nor': {
      const tests = branches(operator, operand, context);
      return (document) => !tests.some((test) => test(document));
    }
    case '$expr': {
      const expression = compileExpression(operand, context);
      return (document) => isTruthy(expression({ root: document, variables: context.variables ?? {} }));
    }
    case '$jsonSchema':
      return compileJsonSchema(operand);
    case '$sampleRate': {
      const rate = toNumber(operand);
      if (!(rate >= 0 && rate <= 1)) throw new CommandError(2, 'numeric argument to $sampleRate must be in [0, 1]');
      return () => Math.random() < rate;
    }
    case '$comment':
      return () => true;
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
  }
  if (REFUSED_TOP_OPERATORS.includes(operator)) throw unsupported(`The query operator ${operator}`);
  throw new CommandError(
    2,
    `unknown top level operator: ${cut(operator)}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  );
}

/** Whether the branches of a `$or` are one, or equalities of one field. */
function isIn(operand: Value): boolean {
  if (!Array.isArray(operand) || operand.length === 1) return true;
  const names = operand.flatMap((branch) => Object.keys(isDocument(branch) ? branch : {}));
  if (new Set(names).size !== 1 || names.length !== operand.length) return false;
  return operand.every((branch) =>
    Object.values(branch as Document).every((value) => !isOperators(value) || '$eq' in value),
  );
}

function branches(operator: string, operand: Value, context: Context): Predicate[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} must be an array`);
  if (operand.length === 0) throw new CommandError(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((branch) => {
    if (!isDocument(branch)) throw new CommandError(2, `${operator} argument's entries must be objects`);
    return compileFilter(branch, context);
  });
}

/** Whether an operand of a field is a set of operators rather than a value to be equal to. */
export function isOperators(operand: Value): operand is Document {
  if (!isDocument(operand)) return false;
  const [first] = Object.keys(operand);
  return first?.startsWith('$') === true && !REFERENCE.includes(first);
}

function field(name: string, operand: Value, context: Context): Predicate {
  const path = splitPath(name);
  const tests = fieldTests(operand, context).map((test) => along(path, test));
  const [first] = tests;
  if (first && tests.length === 1) return first;
  return (document, found) => tests.every((test) => test(document, found));
}

/** The tests that a field's operand stands for; all must hold. */
function fieldTests(operand: Value, context: Context): FieldTest[] {
  if (!isOperators(operand)) return [equality(operand, context)];
  const tests: FieldTest[] = [];
  for (const [operator, argument] of Object.entries(operand)) {
    // Modifiers of the operators next to them, or of nothing.
    if (operator === '$comment' || (operator === '$options' && '$regex' in operand)) continue;
    if (operator === '$elemMatch') tests.push(elemMatch(argument, context));
    else if (operator === '$not') tests.push(not(argument, context));
    else if (operator === '$all') tests.push(...all(argument, context));
    else tests.push(plain(operator, argument, operand, context));
  }
  return tests;
}

function plain(operator: string, argument: Value, operators: Document, context: Context): FieldTest {
  const compile = FIELD_OPERATORS[operator];
  if (compile) return compile(argument, context, operators);
  if (REFUSED_FIELD_OPERATORS.includes(operator)) throw unsupported(`The query operator ${operator}`);
  throw new CommandError(2, `unknown operator: ${cut(operator)}`);
}

function not(operand: Value, context: Context): FieldTest {
  if (!isOperators(operand) && !(operand instanceof BSONRegExp)) {
    throw new CommandError(2, '$not needs a regex or a document');
  }
  const tests = fieldTests(operand, context);
  return { negated: tests };
}

function all(operand: Value, context: Context): FieldTest[] {
  if (!Array.isArray(operand)) throw new CommandError(2, '$all needs an array');
  if (operand.length === 0) return [{ single: () => false }];
  return operand.map((item) => {
    if (isDocument(item) && Object.keys(item)[0] === '$elemMatch') return elemMatch(item.$elemMatch, context);
    if (isOperators(item)) throw new CommandError(2, 'no $ expressions in $all');
    return equality(item, context);
  });
}

function elemMatch(operand: Value, context: Context): FieldTest {
  if (!isDocument(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const first = Object.keys(operand)[0] ?? '';
  if (isOperators(operand) && !TOP_OPERATORS.includes(first) && !REFUSED_TOP_OPERATORS.includes(first)) {
    const tests = fieldTests(operand, context);
    return { element: (value) => tests.every((test) => holds(test, value)) };
  }
  const predicate = compileFilter(operand, context);
  return {
    element: (value) => {
      if (Array.isArray(value)) return predicate(Object.fromEntries(value.entries()));
      return isDocument(value) && predicate(value);
    },
  };
}

/** Whether a test holds for one value that is not looked into further, as `$elemMatch` applies it. */
function holds(test: FieldTest, value: Value): boolean {
  if ('negated' in test) return !test.negated.every((inner) => holds(inner, value));
  if ('element' in test) return Array.isArray(value) && value.some(test.element);
  const result = test.single(value);
  return test.not ? !result : result;
}

/** Applies a test to the values at a path: to an array there as a whole, and to its elements. */
function along(path: string[], test: FieldTest): Predicate {
  if ('negated' in test) {
    const tests = test.negated.map((inner) => along(path, inner));
    return (document) => !tests.every((inner) => inner(document));
  }
  if ('element' in test) {
    return (document, found) =>
      walk(document, path, (value, position) => {
        if (!Array.isArray(value)) return false;
        const index = value.findIndex(test.element);
        if (index !== -1 && found) found.position = position ?? index;
        return index !== -1;
      });
  }
  const matches = (document: Document, found?: Found) =>
    walk(document, path, (value, position) => {
      if (test.single(value)) {
        if (found && position !== undefined) found.position = position;
        return true;
      }
      if (test.whole || !Array.isArray(value)) return false;
      const index = value.findIndex((element) => test.single(element));
      if (index !== -1 && found) found.position = position ?? index;
      return index !== -1;
    });
  return test.not ? (document) => !matches(document) : matches;
}
