import { accepts } from '../../sdk/contract/accepts.ts';
import type { Checkpoint } from '../../sdk/package/index.ts';
import type { Proof } from '../log/read.ts';
import type { ForeignPublisher, ForeignRelease } from './take-release.ts';

export const exportFormat = 'patchbay registry export 1';

/** A line of an export: gzipped JSON lines, the head first. */
export type ExportLine =
  | { kind: 'head'; format: typeof exportFormat; origin: string; checkpoint: Checkpoint }
  | { kind: 'publisher'; publisher: ForeignPublisher }
  | {
      kind: 'release';
      release: ForeignRelease;
      bytes: string;
      proof: Pick<Proof, 'leaf_hash' | 'inclusion'> & { index: number; leaf: string };
    };

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const flag = { type: 'boolean' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const timeOrNull = { anyOf: [time, { type: 'null' }] } as const;
const count = { type: 'integer', minimum: 0 } as const;

/** An object that has these fields, and may have others: a newer registry says more. */
const having = (required: Record<string, object>, optional: Record<string, object> = {}): object => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

const checkpoint = having({
  origin: text,
  size: count,
  root: text,
  at: time,
  key_id: text,
  public_key: text,
  signature: text,
});
const key = having(
  { key_id: text, public_key: text, added_at: time },
  { revoked_at: timeOrNull, revoked_reason: textOrNull },
);
const advice = having({ reason: text, at: time });
const release = having(
  {
    ...{ name: text, version: text, publisher: text, digest: text, integrity: text, size: count, handlers: texts },
    state: { enum: ['published', 'yanked'] },
    signatures: { type: 'array', items: having({ key_id: text, signature: text }) },
    is_verified: flag,
    published_at: time,
    manifest: { type: 'object' },
  },
  {
    ...{ state_reason: textOrNull, verified_at: timeOrNull, verified_by: textOrNull, verified_reason: textOrNull },
    deprecated: { anyOf: [advice, { type: 'null' }] },
    ...{ readme: textOrNull, changelog: textOrNull, icon: textOrNull, screenshots: texts },
  },
);

const check = (fields: Record<string, object>) => accepts(having(fields));
const checks: Record<ExportLine['kind'], ReturnType<typeof check>> = {
  head: check({ format: { const: exportFormat }, origin: text, checkpoint }),
  publisher: check({
    publisher: having({ name: text, display_name: text, keys: { type: 'array', items: key }, created_at: time }),
  }),
  release: check({ release, bytes: text, proof: having({ index: count, leaf: text, inclusion: texts }) }),
};

/**
 * Reads one line of an export. The file is a stranger's: nothing in it is used before it has the right shape.
 *
 * @returns the line, or in words what is wrong with it
 */
export function readExportLine(line: string): ExportLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    return `a line is not JSON: ${(cause as Error).message.slice(0, 80)}`;
  }
  const kind = String((value as { kind?: unknown } | null)?.kind);
  if (!Object.hasOwn(checks, kind)) return 'a line is of no kind that is known here';
  const checked = checks[kind as ExportLine['kind']](value);
  const [wrong] = checked.ok ? [] : checked.errors;
  return wrong ? `in a line of the kind ${kind}, ${wrong.pointer} ${wrong.message}` : (value as ExportLine);
}
