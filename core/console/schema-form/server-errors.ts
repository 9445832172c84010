import type { ErrorSchema } from '@rjsf/utils';
import type { FieldError } from '../api/api-error.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * Sorts the errors of a 422 by whether the form has their field.
 *
 * @param at pointer of the form's object inside the body that was sent
 */
export function serverErrors(
  errors: readonly FieldError[],
  schema: JsonSchema,
  at: string,
): { errorSchema: ErrorSchema; elsewhere: FieldError[] } {
  const errorSchema: ErrorSchema = {};
  const elsewhere: FieldError[] = [];
  for (const error of errors) {
    const steps = stepsWithin(error.pointer, at);
    if (!steps || !Object.hasOwn(schema.properties ?? {}, steps[0] ?? '')) {
      elsewhere.push(error);
      continue;
    }
    let place = errorSchema as Record<string, ErrorSchema>;
    for (const step of steps) {
      if (!Object.hasOwn(place, step)) place[step] = {};
      place = place[step] as Record<string, ErrorSchema>;
    }
    const own = place as unknown as { __errors?: string[] };
    own.__errors = [...(own.__errors ?? []), error.message];
  }
  return { errorSchema, elsewhere };
}

/** The steps of a pointer below the form; some verbs judge the form's object alone and point from there. */
function stepsWithin(pointer: string, at: string): string[] | null {
  const inside = pointer.startsWith(`${at}/`) ? pointer.slice(at.length) : pointer;
  if (!inside.startsWith('/')) return null;
  return inside
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
