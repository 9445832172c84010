import type { AnswerRule } from '../../sdk/contract/manifest/limits.ts';
import { anyPathMatches } from './path-matches.ts';
import { type Readable, readRef, valuesAt } from './read-ref.ts';

export type Means = AnswerRule['means'];

/** What an answer means, with what the vendor says about it. */
export interface Meaning {
  means: Means;
  message?: string;
  /** seconds that the vendor asks to wait */
  after_s?: number;
}

export interface Answered extends Readable {
  status: number;
  path: string;
}

/**
 * What an answer means: by the first rule of the manifest that fits, else by its status. `expired` is left to rules and
 * to 401; 403 is `forbidden`, never a reason to drop records.
 */
export function meaningOf(answer: Answered, rules: readonly AnswerRule[]): Meaning {
  const rule = rules.find((one) => fits(one, answer));
  const after_s = afterSeconds(rule?.after === undefined ? undefined : rule.after, answer);
  if (!rule) return { means: byStatus(answer.status), ...(after_s === undefined ? {} : { after_s }) };
  const message = rule.message ? readRef(rule.message, answer)?.slice(0, 500) : undefined;
  return {
    means: rule.means,
    ...(message === undefined ? {} : { message }),
    ...(after_s === undefined ? {} : { after_s }),
  };
}

function byStatus(status: number): Means {
  if (status === 401) return 'expired';
  if (status === 403) return 'forbidden';
  if (status === 410) return 'gone';
  if (status === 429) return 'limited';
  if (status === 502 || status === 503 || status === 504) return 'retry';
  return status >= 400 ? 'failed' : 'ok';
}

function fits({ when }: AnswerRule, answer: Answered): boolean {
  const type = (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return (
    (when.status === undefined || [when.status].flat().includes(answer.status)) &&
    (when.type === undefined || [when.type].flat().includes(type)) &&
    anyPathMatches(when.paths, answer.path) &&
    Object.entries(when.header ?? {}).every(([name, values]) =>
      values.includes(answer.headers[name.toLowerCase()] ?? '\0'),
    ) &&
    Object.entries(when.body ?? {}).every(([pointer, values]) =>
      valuesAt(answer.json, pointer).some((value) => values.includes(value as string)),
    )
  );
}

/** Seconds to wait: as the rule says, else `Retry-After` (RFC 9110, section 10.2.3) in seconds or as a date. */
function afterSeconds(after: AnswerRule['after'], answer: Answered): number | undefined {
  if (typeof after === 'number') return after;
  const text = after ? readRef(after, answer) : answer.headers['retry-after'];
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 86_400) : undefined;
}
