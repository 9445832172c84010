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
import { shapeFix } from './shape-fix.ts';

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
  const seen = valueAt(value, pointer);
  return problem(pointer, keyword, seen, message, shapeFix(pointer, keyword, params, seen));
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
