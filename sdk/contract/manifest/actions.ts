import type { JSONSchema } from 'json-schema-to-ts';
import type { Text } from '../language.ts';
import { closed, count, ref } from './shapes.ts';

type Keywords = Exclude<JSONSchema, boolean>;
/** A JSON Schema as a manifest holds it: with `$defs`, and `ui` hints for forms. `stranger-schema.ts` says which keywords. */
export type Schema =
  | Keywords
  | (Keywords & { readonly $defs?: Readonly<Record<string, Keywords>>; readonly ui?: object });

/** What a person, a program or a rule may call. */
export interface Action {
  title: Text;
  description?: Text;
  /** JSON Schema of the input, an object; nothing is taken when absent. */
  input?: Schema;
  /** JSON Schema of the output; checked before it is answered. */
  output?: Schema;
  /** Running it twice has the effect of once: the host may run it again after a crash. */
  idempotent?: boolean;
  /** Offer it to language models as a tool. */
  expose_as_tool?: boolean;
  timeout_ms?: number;
}

/** An event type that the plugin may emit. */
export interface DeclaredEvent {
  title?: Text;
  description?: Text;
  schema: Schema;
  /** An example that fits the schema; shown where people choose events, and used by tests. */
  sample: unknown;
}

export const actionDefinitions = {
  stranger_schema: {
    description: 'JSON Schema 2020-12, in the subset that the host takes from strangers',
    type: 'object',
  },
  action: closed(['title'], {
    title: ref('text'),
    description: ref('text'),
    input: ref('stranger_schema'),
    output: ref('stranger_schema'),
    idempotent: { type: 'boolean' },
    expose_as_tool: { type: 'boolean' },
    timeout_ms: count(100, 300_000),
  }),
  event: closed(['schema', 'sample'], {
    title: ref('text'),
    description: ref('text'),
    schema: ref('stranger_schema'),
    sample: {},
  }),
};
