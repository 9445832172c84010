import { handlersOf } from '../check/handlers.ts';
import { strangerCheck } from '../contract/stranger/stranger-check.ts';
import { type Packed, pack } from '../package/index.ts';

export interface ContractCheck {
  /** A sentence. */
  title: string;
  ok: boolean;
  /** Why not. */
  message?: string;
}

/**
 * What a plugin's own manifest promises, checked without a vendor: every declared handler exists, every event's sample
 * and every example of an input or output fits its schema.
 *
 * @example
 * for (const { title, ok, message } of await checkContract({ folder: import.meta.dirname })) {
 *   it(title, () => assert.ok(ok, message))
 * }
 */
export async function checkContract(plugin: { folder?: string; packed?: Packed }): Promise<ContractCheck[]> {
  const { manifest, handlers } = plugin.packed ?? (await pack(plugin.folder ?? '.'));
  const { actions = {}, events = {}, streams = {} } = manifest;
  const examples = [
    ...Object.entries(actions).flatMap(([name, { input, output }]) => [
      ...examplesOf(input, `input of ${name}`),
      ...examplesOf(output, `output of ${name}`),
    ]),
    ...Object.entries(streams).flatMap(([name, { schema }]) => examplesOf(schema, `record of ${name}`)),
    ...Object.entries(events).map(([type, { schema, sample }]) => ({
      what: `sample of ${type}`,
      schema,
      value: sample,
    })),
  ];
  return [
    ...handlersOf(manifest).needed.map((name) => {
      const ok = handlers.includes(name);
      return {
        title: `has the handler ${name}`,
        ok,
        ...(ok ? {} : { message: `${name} is declared but not written` }),
      };
    }),
    ...examples.map(({ what, schema, value }) => {
      const checked = strangerCheck(Object(schema))(value);
      const said = checked.ok
        ? undefined
        : checked.errors.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
      return { title: `has a fitting ${what}`, ok: checked.ok, ...(said ? { message: said } : {}) };
    }),
  ];
}

function examplesOf(schema: unknown, what: string): { what: string; schema: unknown; value: unknown }[] {
  const examples: unknown = Object(schema).examples;
  return Array.isArray(examples)
    ? examples.map((value, i) => ({ what: `example ${i + 1} of the ${what}`, schema, value }))
    : [];
}
