import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import type { Packed } from '../../sdk/package/index.ts';
import { testPlugin } from '../../sdk/testing/index.ts';
import { gateOf } from './openapi-gate.ts';
import { randomValue } from './random-value.ts';

export interface Tried {
  count: number;
  passed: number;
  /** Why the others did not pass. */
  problems: string[];
  /** Schemas of the document that refer to other files. */
  unjudged: number;
  /** Inputs without one of their required fields that were refused before any request. */
  refused: number;
  /** Those that were not. */
  let_through: string[];
}

/**
 * Runs random actions of an imported plugin in the real sandbox, with inputs made from their own schemas, against a gate
 * made of the vendor's document; and the same inputs without each of their required fields.
 */
export async function tryActions(options: {
  document: Record<string, unknown>;
  server: string;
  packed: Packed;
  count: number;
  /** 0 to 1 */
  next: () => number;
}): Promise<Tried> {
  const { packed, next } = options;
  const gate = await gateOf(options.document, options.server);
  let said: string | undefined;
  const plugin = await testPlugin({
    packed,
    vendor: (request) => {
      // What the gate itself stumbles over is no pass either, and is told.
      try {
        said = gate.judge(request);
      } catch (error) {
        said = `the gate could not judge it: ${error instanceof Error ? error.message : error}`;
      }
      return { status: 200, body: {} };
    },
  });
  const names = Object.keys(packed.manifest.actions ?? {});
  const chosen = names
    .map((name) => ({ name, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, options.count);
  const tried: Tried = { count: chosen.length, passed: 0, problems: [], unjudged: 0, refused: 0, let_through: [] };
  try {
    for (const { name } of chosen) {
      const schema: Record<string, any> = packed.manifest.actions?.[name]?.input ?? { type: 'object' };
      const input = randomValue(schema, next) as Record<string, unknown>;
      const asked = plugin.requests.length;
      try {
        said = 'no request was made';
        await plugin.action(name, input).catch((error: Error) => {
          // What the gate answers is no true answer, so the output may not fit; a request that was made counts.
          if (plugin.requests.length === asked) said = error.message;
        });
      } finally {
        if (said === undefined) tried.passed++;
        else tried.problems.push(`${name}: ${said} ${JSON.stringify(input)}`.slice(0, 300));
      }
      const check = strangerCheck(schema);
      for (const field of (schema.required ?? []) as string[]) {
        const { [field]: _, ...without } = input;
        const before = plugin.requests.length;
        await plugin.action(name, without).catch(() => undefined);
        if (plugin.requests.length === before && !check(without).ok) tried.refused++;
        else tried.let_through.push(`${name} without ${field}`);
      }
    }
    tried.unjudged = gate.unjudged;
    return tried;
  } finally {
    await plugin.close();
  }
}
