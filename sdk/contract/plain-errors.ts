import type { ErrorObject } from 'ajv/dist/2020.js';
import type { SchemaError } from './accepts.ts';
import type { Language } from './language.ts';
import { nearest } from './nearest.ts';
import { escapeToken } from './pointer.ts';
import { sentenceFor } from './sentence-for.ts';
import { typeOf } from './stranger/type-of.ts';

const MOST = 50;

/**
 * Ajv's errors as a person can act on them: each points at the field itself (a missing field at its own place, not at
 * its parent), says what was seen, and names the nearest known word. Of a choice between forms, only what is wrong
 * within the form that was followed furthest is told.
 */
export function plainErrors(errors: ErrorObject[], language: Language): SchemaError[] {
  const seen = new Set<string>();
  const plain: SchemaError[] = [];
  for (const error of withoutNoise(errors)) {
    const pointer = pointerOf(error);
    const params = paramsOf(error);
    const key = `${pointer} ${error.keyword} ${JSON.stringify(error.params)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    plain.push({ pointer, message: sentenceFor(error.keyword, params, language), keyword: error.keyword, params });
    if (plain.length === MOST) break;
  }
  return plain;
}

/** Ajv reports every branch of a failed anyOf or oneOf, then the choice itself, in this order. */
function withoutNoise(errors: ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === 'if' || error.keyword === '$ref' || error.propertyName !== undefined) continue;
    if (error.keyword !== 'anyOf' && error.keyword !== 'oneOf') {
      kept.push(error);
      continue;
    }
    const branches: ErrorObject[] = [];
    while (kept.length > 0 && isWithin(kept.at(-1), error.instancePath)) branches.unshift(kept.pop() as ErrorObject);
    const depth = (branch: ErrorObject) => pointerOf(branch).split('/').length;
    const deepest = Math.max(0, ...branches.map(depth));
    const here = error.instancePath.split('/').length;
    if (deepest > here && !error.params.passingSchemas) kept.push(...branches.filter((branch) => depth(branch) > here));
    else kept.push(error);
  }
  return kept;
}

function isWithin(error: ErrorObject | undefined, pointer: string): boolean {
  return error !== undefined && (error.instancePath === pointer || error.instancePath.startsWith(`${pointer}/`));
}

function pointerOf({ keyword, instancePath, params }: ErrorObject): string {
  if (keyword === 'required') return `${instancePath}/${escapeToken(params.missingProperty)}`;
  if (keyword === 'additionalProperties') return `${instancePath}/${escapeToken(params.additionalProperty)}`;
  if (keyword === 'unevaluatedProperties') return `${instancePath}/${escapeToken(params.unevaluatedProperty)}`;
  if (keyword === 'propertyNames') return `${instancePath}/${escapeToken(params.propertyName)}`;
  if (keyword === 'discriminator') return `${instancePath}/${escapeToken(params.tag)}`;
  return instancePath;
}

function paramsOf({ keyword, params, data, schema, parentSchema }: ErrorObject): Record<string, unknown> {
  if ((keyword === 'anyOf' || keyword === 'oneOf') && !params.passingSchemas)
    return { ...params, ...formsOf(schema, data) };
  if (keyword === 'type') return { ...params, seen: typeOf(data) };
  if (keyword === 'additionalProperties') {
    const near = nearest(String(params.additionalProperty), Object.keys(Object(parentSchema?.properties)));
    return near === undefined ? params : { ...params, nearest: near };
  }
  if (keyword === 'enum' && typeof data === 'string') {
    const near = nearest(
      data,
      [params.allowedValues].flat().filter((value) => typeof value === 'string'),
    );
    return near === undefined ? params : { ...params, nearest: near };
  }
  return params;
}

/** The types and values of which a choice takes one, where each of its forms says that plainly and none has the type seen. */
function formsOf(forms: unknown, data: unknown): Record<string, unknown> {
  if (!Array.isArray(forms)) return {};
  const values = forms.flatMap((form) => ('const' in Object(form) ? [form.const] : (Object(form).enum ?? [])));
  const types = forms.flatMap((form) =>
    Object(form).enum || 'const' in Object(form) ? [] : (Object(form).type ?? ['?']),
  );
  const seen = typeOf(data);
  return types.includes('?') || types.includes(seen) ? {} : { types: [...new Set(types)], values, seen };
}
