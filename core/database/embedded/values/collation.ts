import { CommandError, cut, unsupported } from '../errors.ts';
import type { StringOrder } from './compare.ts';
import { type Document, isDocument, type Value } from './document.ts';
import { show } from './show.ts';
import { isNumber, isTruthy, toNumber, typeName } from './types.ts';

const FIELDS = [
  'locale',
  'strength',
  'caseLevel',
  'caseFirst',
  'numericOrdering',
  'alternate',
  'maxVariable',
  'backwards',
  'normalization',
  'version',
];

const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;

/** The version of ICU in MongoDB 8, which every collation there is of. */
const ICU_VERSION = '57.1';

/** The one locale that compares accents from the end of a word. */
const BACKWARDS = 'fr_CA';

/** A collation with all of its fields, as MongoDB shows it; undefined for the simple one. @throws as `collationOf` */
export function completeCollation(spec: Value): Document | undefined {
  if (collationOf(spec) === undefined || !isDocument(spec)) return undefined;
  return {
    locale: spec.locale,
    caseLevel: false,
    caseFirst: 'off',
    strength: 3,
    numericOrdering: false,
    alternate: 'non-ignorable',
    maxVariable: 'punct',
    normalization: false,
    backwards: false,
    version: ICU_VERSION,
    ...ownDefaults(spec.locale),
    ...spec,
  };
}

/** What some locales do otherwise than the rest when nothing is said of it. */
const OWN_DEFAULTS: Readonly<Record<string, Document>> = {
  da: { caseFirst: 'upper' },
  mt: { caseFirst: 'upper' },
  th: { alternate: 'shifted' },
  [BACKWARDS]: { backwards: true },
};

function ownDefaults(locale: Value): Document {
  return typeof locale === 'string' && Object.hasOwn(OWN_DEFAULTS, locale) ? (OWN_DEFAULTS[locale] as Document) : {};
}

/** Whether a command says something by its collation: an empty one is as if there were none. */
export function isCollation(spec: Value): boolean {
  return spec !== undefined && spec !== null && !(isDocument(spec) && Object.keys(spec).length === 0);
}

/**
 * The order of strings that a collation asks for (manual: reference/collation): undefined for the simple one, by bytes.
 * Locale, strength 1 to 3, caseLevel with strength 1, caseFirst, numericOrdering and alternate are those of ICU, which
 * MongoDB uses too; what JavaScript's `Intl.Collator` does not offer is refused.
 */
export function collationOf(spec: Value): StringOrder {
  if (!isCollation(spec)) return undefined;
  if (!isDocument(spec)) throw new CommandError(14, "BSON field 'collation' is the wrong type, expected type 'object'");
  const unknown = Object.keys(spec).find((name) => !FIELDS.includes(name));
  if (unknown) throw new CommandError(40415, `BSON field 'collation.${cut(unknown)}' is an unknown field.`);
  checkTypes(spec);
  const { locale, strength = 3, caseLevel, numericOrdering } = spec;
  const { caseFirst = 'off', alternate, backwards = false, maxVariable } = { ...ownDefaults(locale), ...spec };
  if (typeof locale !== 'string' || locale === 'simple') return undefined;
  if (backwards !== (locale === BACKWARDS))
    throw unsupported(`A collation with backwards: ${backwards} of ${cut(locale)}`);
  if (alternate === 'shifted' && maxVariable === 'space') throw unsupported('A collation with maxVariable: space');
  const level = Math.trunc(toNumber(strength));
  if (level !== 1 && level !== 2 && level !== 3) throw unsupported(`A collation of strength ${cut(level)}`);
  if (isTruthy(caseLevel) && level !== 1) throw unsupported('A collation with caseLevel and a strength above 1');
  const { compare } = new Intl.Collator(known(locale, spec), {
    sensitivity: isTruthy(caseLevel) ? 'case' : SENSITIVITY[level],
    numeric: isTruthy(numericOrdering),
    caseFirst: caseFirst === 'off' ? 'false' : (caseFirst as 'upper' | 'lower'),
    ignorePunctuation: alternate === 'shifted',
  });
  return compare;
}

/** What the fields of a collation may be. @throws CommandError 40414, 14, 2, 161 or 51024 */
function checkTypes(spec: Document): void {
  const { locale, strength } = spec;
  const wrongType = (field: string, expected: string) =>
    new CommandError(
      14,
      `BSON field 'collation.${field}' is the wrong type '${typeName(spec[field])}', expected ${expected}`,
    );
  if (locale === undefined || locale === null)
    throw new CommandError(40414, "BSON field 'collation.locale' is missing but a required field");
  if (typeof locale !== 'string') throw wrongType('locale', "type 'string'");
  if (strength !== undefined && !isNumber(strength))
    throw wrongType('strength', "types '[double, decimal, long, int]'");
  const level = strength === undefined ? 3 : Math.trunc(toNumber(strength));
  if (level > 5) throw new CommandError(51024, `BSON field 'strength' value must be <= 5, actual value '${level}'`);
  if (level < 0) throw new CommandError(51024, `BSON field 'strength' value must be >= 0, actual value '${level}'`);
  if (level === 0)
    throw new CommandError(2, "Enumeration value '0' for field 'collation.strength' is not a valid value.");
  for (const field of ['caseLevel', 'numericOrdering', 'normalization'])
    if (spec[field] !== undefined && typeof spec[field] !== 'boolean') throw wrongType(field, "type 'bool'");
  if (spec.backwards !== undefined && typeof spec.backwards !== 'boolean')
    throw new CommandError(14, `Field 'backwards' should be a boolean value, but found: ${typeName(spec.backwards)}`);
  const { version } = spec;
  if (version !== undefined && typeof version !== 'string') throw wrongType('version', "type 'string'");
  if (version !== undefined && version !== ICU_VERSION)
    throw new CommandError(
      161,
      `Requested collation version ${cut(version)} does not match the available one, ${ICU_VERSION}`,
    );
  for (const [field, values] of Object.entries(ENUMERATIONS)) {
    const value = spec[field];
    if (value === undefined || values.includes(value as string)) continue;
    if (typeof value !== 'string') throw wrongType(field, "type 'string'");
    throw new CommandError(2, `Enumeration value '${cut(value)}' for field 'collation.${field}' is not a valid value.`);
  }
}

const ENUMERATIONS: Readonly<Record<string, string[]>> = {
  caseFirst: ['upper', 'lower', 'off'],
  alternate: ['non-ignorable', 'shifted'],
  maxVariable: ['punct', 'space'],
};

/**
 * A locale as JavaScript names it. Names are those of ICU: small letters, and capitals for what stands behind
 * (manual: reference/collation-locales-defaults). @throws CommandError 2 for one that there is not
 */
function known(locale: string, spec: Document): string {
  if (locale.includes('@')) throw unsupported('A variant of a collation');
  const name = locale === 'en_US_POSIX' ? 'en-US-u-va-posix' : locale.replaceAll('_', '-');
  try {
    const [found] = /^[a-z]/.test(locale) ? Intl.Collator.supportedLocalesOf([name]) : [];
    if (found !== undefined && LANGUAGE.test(locale)) return name;
  } catch {
    // No name of a locale at all.
  }
  throw new CommandError(2, `Field 'locale' is invalid in: ${cut(show(spec))}`);
}

/** A language, and perhaps a script, a region and more. */
const LANGUAGE = /^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?(_[A-Z]+)?$/;
