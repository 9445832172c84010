import type { Broken } from './judge.ts';
import { typeOf } from './type-of.ts';

/** Broken at the value itself, these say that the form was never meant. */
const notMeant = ['type', 'const', 'enum', 'false schema'];

/**
 * What to tell of a value that fits none of several forms. Only the form that was meant is of use to a person: not one
 * of another type, nor one whose constant field has another value, but the one with the least that is missing or
 * unknown. Where no single form stands out, one error says what each of them lacks.
 *
 * @param tried what each form found wrong, in order, none of them empty
 */
export function choice(keyword: 'anyOf' | 'oneOf', tried: Broken[][], value: unknown, pointer: string): Broken[] {
  const followed = tried.filter((wrong) => !wrong.some((one) => one.pointer === pointer && isOutright(one)));
  if (followed.length === 0) return [outright(keyword, tried.flat(), value, pointer)];
  const meant = followed.filter((wrong) => !wrong.some((one) => isLabel(one, pointer)));
  if (meant.length === 0) {
    const label = sameLabel(followed, pointer);
    if (label) return [label];
  }
  const candidates = least(least(meant.length > 0 ? meant : followed, misshapen), (wrong) => wrong.length);
  if (candidates.length === 1) return candidates[0] as Broken[];
  return [{ pointer, keyword, params: { forms: candidates.map((wrong) => wrong.slice(0, 3).map(relative)) } }];

  function relative(one: Broken): Broken {
    return { ...one, pointer: one.pointer.slice(pointer.length) };
  }
}

function isOutright({ keyword, params }: Broken): boolean {
  return notMeant.includes(keyword) || params.types !== undefined || params.values !== undefined;
}

/** No form takes a value of this type: one error lists the types and values that some form takes. */
function outright(keyword: string, wrong: Broken[], value: unknown, pointer: string): Broken {
  const here = wrong.filter((one) => one.pointer === pointer);
  const types = here.flatMap(({ params }) => [params.type ?? [], params.types ?? []].flat());
  const values = here.flatMap((one) => [
    ...(one.keyword === 'const' ? [one.params.allowedValue] : []),
    ...(one.keyword === 'enum' ? (one.params.allowedValues as unknown[]) : []),
    ...((one.params.values as unknown[] | undefined) ?? []),
  ]);
  return { pointer, keyword, params: { types: [...new Set(types)], values, seen: typeOf(value) } };
}

/** The field that tells forms apart (`kind: "a"`) has a value that is another form's, or nobody's. */
function isLabel(one: Broken, pointer: string): boolean {
  return (one.keyword === 'const' || one.keyword === 'enum') && isChild(one.pointer, pointer);
}

function isChild(inner: string, outer: string): boolean {
  return inner.startsWith(`${outer}/`) && !inner.slice(outer.length + 1).includes('/');
}

/** Every form wants another value of the same field: that field is what is wrong. */
function sameLabel(followed: Broken[][], pointer: string): Broken | undefined {
  const labels = followed.map((wrong) => wrong.find((one) => isLabel(one, pointer)));
  const at = labels[0]?.pointer;
  if (at === undefined || labels.some((label) => label?.pointer !== at)) return undefined;
  const allowedValues = labels.flatMap((label) =>
    label?.keyword === 'const' ? [label.params.allowedValue] : ((label?.params.allowedValues as unknown[]) ?? []),
  );
  return { pointer: at, keyword: 'enum', params: { allowedValues } };
}

function misshapen(wrong: Broken[]): number {
  return wrong.filter(({ keyword }) => keyword === 'required' || keyword === 'additionalProperties').length;
}

function least(forms: Broken[][], count: (wrong: Broken[]) => number): Broken[][] {
  const fewest = Math.min(...forms.map(count));
  return forms.filter((wrong) => count(wrong) === fewest);
}
