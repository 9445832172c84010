import { CommandError, cut } from '../errors.ts';
import { compileAddFields } from '../query/project.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { named } from './arguments.ts';
import { type Environment, each, type Stage } from './stage.ts';
import { setWindowFields } from './windows/set-window-fields.ts';

const METHODS: Readonly<Record<string, string>> = { linear: '$linearFill', locf: '$locf' };

/** `$fill`: gives null and missing fields a value, or one from their neighbours (manual: reference/operator/aggregation/fill). */
export function fill(spec: Value, environment: Environment): Stage {
  const options = named(spec, '$fill', ['output'], ['partitionBy', 'partitionByFields', 'sortBy']);
  const { output, sortBy } = options;
  if (!isDocument(output) || Object.keys(output).length === 0)
    throw new CommandError(6050203, "$fill's 'output' must be an object with at least one field");
  const byMethod: Document = {};
  const byValue: Document = {};
  for (const [field, one] of Object.entries(output)) {
    const { value, method } = named(one, '$fill output', [], ['value', 'method']);
    if (value === undefined && method === undefined) continue;
    if (value !== undefined && method !== undefined)
      throw new CommandError(
        6050201,
        `Exactly one of 'value' and 'method' must be given for the output '${cut(field)}'`,
      );
    if (method === undefined) byValue[field] = { $ifNull: [`$${field}`, value] };
    else {
      const operator = typeof method === 'string' && Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
      if (!operator) throw new CommandError(6050202, `Method must be either 'locf' or 'linear', not ${cut(method)}`);
      byMethod[field] = { [operator]: `$${field}` };
    }
  }
  const put = each(valueSetter(byValue, environment));
  const partitionBy = partitionOf(options);
  if (Object.keys(byMethod).length === 0) return put;
  const windows = setWindowFields({ partitionBy, sortBy, output: byMethod }, environment);
  return { push: windows.push, end: () => put.push(windows.end?.() ?? []) };
}

function valueSetter(fields: Document, { context }: Environment): (document: Document) => Document {
  if (Object.keys(fields).length === 0) return (document) => document;
  const project = compileAddFields(fields, context);
  return (root) => project(root, { root, variables: context.variables ?? {} });
}

function partitionOf({ partitionBy, partitionByFields }: Document): Value {
  if (partitionByFields === undefined) return partitionBy;
  if (partitionBy !== undefined)
    throw new CommandError(6050204, "Only one of 'partitionBy' and 'partitionByFields' may be given to $fill");
  if (!Array.isArray(partitionByFields) || !partitionByFields.every((field) => typeof field === 'string'))
    throw new CommandError(9, "'partitionByFields' must be an array of strings");
  if (partitionByFields.some((field) => field.startsWith('$')))
    throw new CommandError(6050203, "A field of 'partitionByFields' cannot start with '$'");
  // An array cannot be partitioned by, a document can.
  return Object.fromEntries(partitionByFields.map((field, i) => [`f${i}`, `$${field}`]));
}
