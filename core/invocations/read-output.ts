import type { CallResult } from '../../sandbox/types.ts';

/**
 * Parses the output of a call. The sandbox's parent has bounded and balanced it, not read it: only a sandbox process that
 * was taken over sends what is no JSON, which is then an answer that is none.
 */
export function readOutput(result: CallResult): { result: CallResult; output: unknown } {
  if (!result.ok) return { result, output: null };
  try {
    return { result, output: JSON.parse(result.output) as unknown };
  } catch {
    const { usage, logs } = result;
    const error = { type: 'bad_answer', message: 'The answer is no JSON' } as const;
    return { result: { ok: false, error, usage, logs }, output: null };
  }
}
