import { CommandError, cut } from '../errors.ts';
import { filterFailures } from '../query/filter-failures.ts';
import { compileFilter, type Predicate } from '../query/match.ts';
import type { Collection } from '../storage/catalog.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { isTruthy } from '../values/types.ts';
import type { Request } from './request.ts';

/** Compiled validators, by the document that they were read from: the options of a collection are replaced, not changed. */
const compiled = new WeakMap<object, Predicate>();

function predicateOf(validator: Document): Predicate {
  let predicate = compiled.get(validator);
  if (!predicate) {
    predicate = compileFilter(validator);
    compiled.set(validator, predicate);
  }
  return predicate;
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
    predicateOf(validator);
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
  const accepts = predicateOf(validator);
  if (accepts(document) || (before && validationLevel === 'moderate' && !accepts(before))) return;
  throw new CommandError(121, 'Document failed validation', {
    fields: { errInfo: { failingDocumentId: document._id, details: filterFailures(validator, document) } },
  });
}

/** Time series need a date in every document (manual: core/timeseries-collections). */
function checkTime(field: string, document: Document): void {
  if (document[field] instanceof Date) return;
  throw new CommandError(2, `'${cut(field)}' must be present and contain a valid BSON UTC datetime value`);
}
