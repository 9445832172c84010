import { accepts } from './accepts.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { authRules } from './manifest-rules/auth-rules.ts';
import { eventRules } from './manifest-rules/event-rules.ts';
import { patternRules } from './manifest-rules/pattern-rules.ts';
import { permissionRules } from './manifest-rules/permission-rules.ts';
import { schemaRules } from './manifest-rules/schema-rules.ts';
import { streamRules } from './manifest-rules/stream-rules.ts';
import { templateRules } from './manifest-rules/template-rules.ts';
import { triggerRules } from './manifest-rules/trigger-rules.ts';
import { versionRules } from './manifest-rules/version-rules.ts';
import { nestsDeeper } from './nests-deeper.ts';
import { valueAt } from './pointer.ts';
import { type Problem, problem } from './problem.ts';
import { quote } from './quote.ts';

/** A manifest as JSON weighs at most this much (one made by `import-openapi` comes near). */
export const manifestBytes = 1_048_576;

export type CheckedManifest = { ok: true; manifest: Manifest } | { ok: false; errors: Problem[] };

const shape = accepts(manifestSchema);
const rules = [
  ...[versionRules, permissionRules, schemaRules, patternRules, templateRules],
  ...[authRules, streamRules, triggerRules, eventRules],
];

/**
 * Judges a manifest: first its shape (`plugin.schema.json`), then what no schema can say: versions and ranges, names
 * that must exist, addresses within permissions, secrets only where they are legal, schemas and patterns that a stranger
 * may not bring. Each error has pointer, what was seen, what is expected and how to mend it. Never throws.
 */
export function checkManifest(value: unknown): CheckedManifest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const fix = 'write {"manifest_version": 1, "name": "@publisher/name", "version": "1.0.0"}';
    return { ok: false, errors: [problem('', 'type', value, 'must be an object', fix)] };
  }
  const text = jsonOf(value);
  if (text === undefined) {
    const fix = `keep it plain JSON of at most ${deepest} levels`;
    return { ok: false, errors: [problem('', 'depth', undefined, 'is no plain JSON, or nests too deep', fix)] };
  }
  const size = Buffer.byteLength(text);
  if (size > manifestBytes) {
    const fix = 'leave out actions, or shorten schemas and descriptions';
    return { ok: false, errors: [problem('', 'size', size, `must be at most ${manifestBytes} bytes as JSON`, fix)] };
  }
  const shaped = shape(value);
  if (!shaped.ok) return { ok: false, errors: shaped.errors.map((error) => shapeProblem(error, value)) };
  const manifest = value as Manifest;
  const errors = rules.flatMap((rule) => rule(manifest));
  return errors.length > 0 ? { ok: false, errors } : { ok: true, manifest };
}

interface ShapeError {
  pointer: string;
  message: string;
  keyword: string;
  params: Record<string, unknown>;
}

function shapeProblem({ pointer, message, keyword, params }: ShapeError, value: unknown): Problem {
  return problem(pointer, keyword, valueAt(value, pointer), message, fixOf(pointer, keyword, params));
}

function fixOf(pointer: string, keyword: string, params: Record<string, unknown>): string {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  if (pointer === '/name') return 'write "@publisher/name" with lower-case letters, digits and "-"';
  if (keyword === 'required') return `add "${name}"`;
  if (keyword === 'additionalProperties') {
    return params.nearest ? `write ${quote(params.nearest)}` : 'remove it; plugin.schema.json lists the known fields';
  }
  if (keyword === 'enum') {
    return params.nearest ? `write ${quote(params.nearest)}` : 'choose one of the listed values';
  }
  if (keyword === 'false schema') return 'remove it, or choose the kind that takes it';
  if (keyword === 'propertyNames') return 'use lower-case letters, digits and "_", beginning with a letter';
  if (keyword === 'pattern' || keyword === 'format') return 'write it in that form';
  if (keyword === 'const') return `write ${quote(params.allowedValue)}`;
  if (keyword.startsWith('max')) return 'make it smaller';
  if (keyword.startsWith('min')) return 'make it larger';
  return 'correct it';
}

/** A schema of 12 levels below a form below a form needs about 40. */
const deepest = 100;

/** `undefined` for what has no JSON: cycles and BigInt, which only objects built by code can hold, and hostile depths. */
function jsonOf(value: object): string | undefined {
  if (nestsDeeper(value, deepest)) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
