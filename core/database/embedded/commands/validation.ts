import { CommandError, cut } from '../errors.ts';
import { filterFailures } from '../query/filter-failures.ts';
import { compileFilter, type Predicate } from '../query/match.ts';
import type { Context } from '../query/operators.ts';
import type { Collection } from '../storage/catalog.ts';
import { collationOf } from '../values/collation.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isTruthy } from '../values/types.ts';
import type { Request } from './request.ts';

/** Compiled validators, by the options of their collection, which are replaced, not changed. */
const compiled = new WeakMap<object, Predicate>();

/** Whether a document complies with a collection's options; a validator compares as its collection does. */
export function validatorOf(options: Document): Predicate {
  let predicate = compiled.get(options);
  if (!predicate) {
    const { validator } = options;
    predicate = isDocument(validator) ? compileFilter(validator, comparingBy(options)) : () => true;
    compiled.set(options, predicate);
  }
  return predicate;
}

function comparingBy({ collation }: Document): Context {
  return { strings: collationOf(collation) };
}

/**
 * What `create` and `collMod` say of validation (manual: core/schema-validation).
 * @throws CommandError 2 or 14 for a level or action that there is not, as `compileFilter` for the validator
 */
export function validationOptions(command: Document, name = 'create'): Document {
  const { validator, validationLevel: level, validationAction: action } = command;
  const options: Document = {};
  if (validator !== undefined) {
    if (!isDocument(validator))
      throw new CommandError(14, `BSON field '${name}.validator' is the wrong type, expected type 'object'`);
    compileFilter(validator);
    // An empty validator is none.
    options.validator = Object.keys(validator).length ? validator : undefined;
  }
  if (level !== undefined)
    options.validationLevel = oneOf(`${name}.validationLevel`, level, ['off', 'strict', 'moderate']);
  if (action !== undefined) options.validationAction = oneOf(`${name}.validationAction`, action, ['error', 'warn']);
  return options;
}

function oneOf(field: string, value: Value, known: string[]): Value {
  if (typeof value === 'string' && known.includes(value)) return value;
  throw new CommandError(2, `Enumeration value '${cut(value)}' for field '${field}' is not a valid value.`);
}

/**
 * Refuses a document that the validator of its collection does not accept, unless the command bypasses it.
 * @param before - what an update found: with `validationLevel: 'moderate'` only valid documents must stay valid
 * @throws CommandError 121
 */
export function validate(request: Request, collection: Collection, document: Document, before?: Document): void {
  const { validator, validationLevel, validationAction, timeseries } = collection.options;
  if (isDocument(timeseries)) checkTime(timeseries.timeField as string, document);
  if (!isDocument(validator) || validationLevel === 'off' || validationAction === 'warn') return;
  if (isTruthy(request.command.bypassDocumentValidation)) return;
  const accepts = validatorOf(collection.options);
  if (accepts(document) || (before && validationLevel === 'moderate' && !accepts(before))) return;
  const details = filterFailures(validator, document, comparingBy(collection.options));
  throw new CommandError(121, 'Document failed validation', {
    fields: { errInfo: { failingDocumentId: document._id, details } },
  });
}

/** Time series need a date in every document (manual: core/timeseries-collections). */
function checkTime(field: string, document: Document): void {
  if (document[field] instanceof Date) return;
  throw new CommandError(2, `'${cut(field)}' must be present and contain a valid BSON UTC datetime value`);
}
