import { quote } from './quote.ts';

type Params = Record<string, unknown>;

/**
 * How to mend a value of a manifest that breaks a rule of its schema.
 *
 * @param pointer where it stands; its last name is the field's
 * @param params Ajv's, with `nearest` where something near is known
 * @param value what was seen
 */
export function shapeFix(pointer: string, keyword: string, params: Params, value: unknown): string {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  if (pointer === '/name') return 'write "@publisher/name" with lower-case letters, digits and "-"';
  switch (keyword) {
    case 'required':
      return `add "${name}"`;
    case 'additionalProperties':
      return params.nearest ? `write ${quote(params.nearest)}` : 'remove it; plugin.schema.json lists the known fields';
    case 'enum':
      return params.nearest ? `write ${quote(params.nearest)}` : 'choose one of the listed values';
    case 'false schema':
      return 'remove it, or choose the kind that takes it';
    case 'propertyNames':
      return 'use lower-case letters, digits and "_", beginning with a letter';
    case 'type':
      return ofType([params.type].flat(), value);
    case 'pattern':
    case 'format':
      return inForm(String(params.pattern ?? ''), value);
    case 'const':
      return `write ${quote(params.allowedValue)}`;
    case 'anyOf':
    case 'oneOf':
      return 'write it in one of these forms; plugin.schema.json describes them';
    case 'minLength':
      return params.limit === 1 ? 'write something, or leave it out where it may be' : 'make it longer';
    case 'maxLength':
      return 'make it shorter';
    case 'minItems':
    case 'minProperties':
      return 'add what is missing';
    case 'maxItems':
    case 'maxProperties':
      return 'remove some';
    case 'uniqueItems':
      return 'remove one of the two';
    default:
      return keyword.startsWith('max') ? 'write a smaller number' : 'write a larger number';
  }
}

/** The same value as the type that is wanted, where that can be guessed. */
function ofType(types: unknown[], value: unknown): string {
  const text = typeof value === 'string' ? value : undefined;
  if (types.includes('array')) return text === undefined ? 'write a list: […]' : `write a list, as in [${quote(text)}]`;
  if (types.includes('integer') || types.includes('number')) {
    const digits = text === undefined ? null : /^-?\d+(\.\d+)?$/.exec(text.trim());
    return digits ? `write ${digits[0]} without quotes` : 'write a number';
  }
  if (types.includes('boolean')) return 'write true or false, without quotes';
  if (types.includes('string'))
    return typeof value === 'number' || typeof value === 'boolean' ? `write "${value}"` : 'write a text: "…"';
  return 'write an object: {…}';
}

/** What was written, in the wanted form, where a small change makes it that. */
function inForm(pattern: string, value: unknown): string {
  const text = typeof value === 'string' ? value.trim() : '';
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const tries = [
    ...[`/${text}`, text.toLowerCase(), plain.replace(/[^a-z0-9]+/g, '_'), plain.replace(/[^a-z0-9]+/g, '-')],
    ...(text.includes('@') ? [`mailto:${text}`] : [`https://${text}`]),
  ];
  const fits = text && pattern ? tries.find((one) => new RegExp(pattern).test(one)) : undefined;
  return fits === undefined ? 'write it in that form' : `write ${quote(fits)}`;
}
