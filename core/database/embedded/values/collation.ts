import { CommandError, cut, unsupported } from '../errors.ts';
import type { StringOrder } from './compare.ts';
import { type Document, isDocument, type Value } from './document.ts';
import { show } from './show.ts';
import { isTruthy, toNumber } from './types.ts';

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
    version: '57.1',
    ...spec,
  };
}

/**
 * The order of strings that a collation asks for (manual: reference/collation): undefined for the simple one, by bytes.
 * Locale, strength 1 to 3, caseLevel with strength 1, caseFirst and numericOrdering are those of ICU, which MongoDB uses
 * too; what JavaScript's `Intl.Collator` does not offer is refused.
 */
export function collationOf(spec: Value): StringOrder {
  if (spec === undefined || spec === null || (isDocument(spec) && Object.keys(spec).length === 0)) return undefined;
  if (!isDocument(spec)) throw new CommandError(14, "BSON field 'collation' is the wrong type, expected type 'object'");
  const unknown = Object.keys(spec).find((name) => !FIELDS.includes(name));
  if (unknown) throw new CommandError(40415, `BSON field 'collation.${cut(unknown)}' is an unknown field.`);
  const { locale, strength = 3, caseLevel, caseFirst = 'off', numericOrdering, alternate, backwards } = spec;
  if (typeof locale !== 'string')
    throw new CommandError(40414, "BSON field 'collation.locale' is missing but a required field");
  if (locale === 'simple') return undefined;
  if (isTruthy(backwards) || alternate === 'shifted')
    throw unsupported('A collation with backwards or alternate: shifted');
  const level = toNumber(strength);
  if (level !== 1 && level !== 2 && level !== 3) throw unsupported(`A collation of strength ${cut(level)}`);
  if (isTruthy(caseLevel) && level !== 1) throw unsupported('A collation with caseLevel and a strength above 1');
  const { compare } = new Intl.Collator(known(locale, spec), {
    sensitivity: isTruthy(caseLevel) ? 'case' : SENSITIVITY[level],
    numeric: isTruthy(numericOrdering),
    caseFirst: caseFirst === 'off' ? 'false' : (caseFirst as 'upper' | 'lower'),
  });
  return compare;
}

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
