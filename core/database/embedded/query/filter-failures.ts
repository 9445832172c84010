import { BSONRegExp } from 'bson';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { splitPath, walk } from '../values/path.ts';
import { isTruthy, typeName } from '../values/types.ts';
import { compileFilter } from './match.ts';
import type { Context } from './operators.ts';
import { schemaFailures } from './schema-failures.ts';

/** One condition of a filter: of a field, or of the whole document. */
type Clause = { name: string; spec: Document; path?: string };

/**
 * Why a document does not satisfy a filter, as the error of a validator tells it (manual: core/schema-validation/specify-query-expression-rules).
 * One condition is told by itself, several as what `$and` needs.
 */
export function filterFailures(filter: Document, document: Document, context: Context = {}): Document {
  const clauses = clausesOf(filter);
  const [only] = clauses;
  if (only && clauses.length === 1) return failure(only, document, context);
  return { operatorName: '$and', clausesNotSatisfied: failing(clauses, document, context) };
}

function clausesOf(filter: Document): Clause[] {
  return Object.entries(filter).flatMap(([name, operand]): Clause[] => {
    if (name === '$comment') return [];
    if (name.startsWith('$')) return [{ name, spec: { [name]: operand } }];
    if (operand instanceof BSONRegExp) return [{ name: '$regex', spec: { [name]: operand }, path: name }];
    const operators = isDocument(operand) ? Object.keys(operand) : [];
    if (!operators[0]?.startsWith('$')) return [{ name: '$eq', spec: { [name]: operand }, path: name }];
    return Object.entries(operand as Document)
      .filter(([operator]) => operator !== '$options')
      .map(([operator, value]) => {
        const options = operator === '$regex' ? (operand as Document).$options : undefined;
        const spec = { [operator]: value, ...(options !== undefined && { $options: options }) };
        return { name: operator, spec: { [name]: spec }, path: name };
      });
  });
}

function failing(clauses: Clause[], document: Document, context: Context): Document[] {
  return clauses.flatMap((clause, index) =>
    compileFilter(clause.spec, context)(document) ? [] : [{ index, details: failure(clause, document, context) }],
  );
}

function failure(clause: Clause, document: Document, context: Context): Document {
  const { name, spec } = clause;
  const operand = spec[name];
  if (name === '$jsonSchema') {
    const { title, description } = operand as Document;
    return {
      operatorName: name,
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      schemaRulesNotSatisfied: schemaFailures(operand as Document, document),
    };
  }
  if (name === '$and' || name === '$or') {
    const branches = (operand as Document[]).flatMap((branch, index) =>
      compileFilter(branch, context)(document) ? [] : [{ index, details: filterFailures(branch, document, context) }],
    );
    return { operatorName: name, clausesNotSatisfied: branches };
  }
  if (name === '$nor') {
    const branches = (operand as Document[]).flatMap((branch, index) =>
      compileFilter(branch, context)(document) ? [{ index, details: filterMatch(branch, document) }] : [],
    );
    return { operatorName: name, clausesSatisfied: branches };
  }
  return condition(clause, document, false);
}

/** Why a document satisfies a filter that it should not. */
function filterMatch(filter: Document, document: Document): Document {
  const clauses = clausesOf(filter);
  const details = clauses.map((clause) =>
    clause.name === '$jsonSchema'
      ? { operatorName: '$jsonSchema', reason: 'schema matched' }
      : condition(clause, document, true),
  );
  if (details.length === 1) return details[0] as Document;
  return { operatorName: '$and', clausesSatisfied: details.map((one, index) => ({ index, details: one })) };
}

/** Why a condition is not met, and why it is met where it should not be. */
const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ...Object.fromEntries(
    ['$eq', '$gt', '$gte', '$lt', '$lte'].map((name) => [name, ['comparison failed', 'comparison succeeded'] as const]),
  ),
  $ne: ['comparison succeeded', 'comparison failed'],
  $in: ['no matching value found in array', 'matching value found in array'],
  $nin: ['matching value found in array', 'no matching value found in array'],
  $type: ['type did not match', 'type did match'],
  $exists: ['path does not exist', 'path does exist'],
  $regex: ['regular expression did not match', 'regular expression did match'],
  $mod: ['$mod did not evaluate to expected remainder', '$mod did evaluate to expected remainder'],
  $size: ['array length was not equal to given size', 'array length was equal to given size'],
  $all: ['array did not contain all specified values', 'array did contain all specified values'],
  $elemMatch: ['array did not satisfy the child predicate', 'array did satisfy the child predicate'],
  $expr: ['expression did not match', 'expression did match'],
};

function condition({ name, spec, path }: Clause, document: Document, met: boolean): Document {
  const wanted = path === undefined ? undefined : spec[path];
  if (name === '$not' && isDocument(wanted)) {
    const inner = clausesOf({ [path as string]: wanted.$not });
    const [only] = inner;
    const details = only && inner.length === 1 ? condition(only, document, !met) : undefined;
    return { operatorName: name, ...(details && { details }) };
  }
  const told = { operatorName: name, specifiedAs: spec };
  const [fails, succeeds] = REASONS[name] ?? ['expression did not match', 'expression did match'];
  const reason = met ? succeeds : fails;
  if (name === '$expr') return { ...told, reason, expressionResult: met };
  if (name === '$exists') {
    const isForbidden = isDocument(wanted) && !isTruthy(wanted.$exists);
    return { ...told, reason: isForbidden === met ? fails : succeeds };
  }
  const values = valuesAt(document, path ?? '');
  if (values.length === 0 && !met && name !== '$ne' && name !== '$nin') return { ...told, reason: 'field was missing' };
  const [value] = values;
  const shown = values.length === 1 ? { consideredValue: value } : values.length ? { consideredValues: values } : {};
  const types = [...new Set(values.map(typeName))];
  const kinds = types.length === 1 ? { consideredType: types[0] } : { consideredTypes: types };
  return { ...told, reason, ...shown, ...(name === '$type' && kinds) };
}

function valuesAt(document: Document, path: string): Value[] {
  const values: Value[] = [];
  walk(document, splitPath(path), (value) => {
    if (value !== undefined) values.push(value);
    return false;
  });
  return values;
}
