import { closed, count, listOf, methods, namePattern, type Pointer, type Ref, ref, shortText } from './shapes.ts';

/** What an answer of the vendor means, beyond its status. The first that fits counts. */
export interface AnswerRule {
  when: {
    status?: number | readonly number[];
    /** header → values, one of which must be there */
    header?: Readonly<Record<string, readonly string[]>>;
    /** content types */
    type?: string | readonly string[];
    /** pointer → values, one of which must be there */
    body?: Readonly<Record<Pointer, readonly (string | number | boolean | null)[]>>;
    paths?: readonly string[];
  };
  means: 'expired' | 'revoked' | 'forbidden' | 'limited' | 'retry' | 'failed' | 'gone' | 'ok';
  /** Seconds to wait, or where they stand. */
  after?: number | Ref;
  message?: Ref;
}

/** One of the vendor's limits. */
export interface RateLimit {
  name?: string;
  per: 'app' | 'credential' | 'account' | 'host';
  paths?: readonly string[];
  methods?: readonly string[];
  limit?: number;
  window_s?: number;
  refill_per_s?: number;
  concurrent?: number;
  cost?: number | Ref;
  /** Where the vendor tells what is left. */
  tells?: {
    limit?: Ref;
    remaining?: Ref;
    used?: Ref;
    used_percent?: Ref;
    reset?: Ref;
    refill?: Ref;
    reset_as?: 'epoch_s' | 'epoch_ms' | 'in_s' | 'in_ms' | 'date';
  };
}

/** What the plugin asks for; the host takes the lower of asked and allowed. */
export interface AskedLimits {
  heap_mb?: number;
  cpu_ms?: number;
  wall_ms?: number;
  concurrency?: number;
}

const oneOrMore = (items: object) => ({ anyOf: [items, listOf(items, { minItems: 1, maxItems: 50 })] });
const plainValue = { type: ['string', 'number', 'boolean', 'null'] };

export const limitDefinitions = {
  answer: closed(['when', 'means'], {
    when: closed(
      [],
      {
        status: oneOrMore(count(100, 599)),
        header: {
          type: 'object',
          additionalProperties: listOf({ type: 'string' }, { minItems: 1, maxItems: 50 }),
          maxProperties: 10,
        },
        type: oneOrMore(shortText(100)),
        body: {
          type: 'object',
          propertyNames: { pattern: '^(/[^/]*)*$' },
          additionalProperties: listOf(plainValue, { minItems: 1, maxItems: 50 }),
          maxProperties: 10,
        },
        paths: ref('paths'),
      },
      { minProperties: 1 },
    ),
    means: { enum: ['expired', 'revoked', 'forbidden', 'limited', 'retry', 'failed', 'gone', 'ok'] },
    after: { anyOf: [count(1, 86_400), ref('ref')] },
    message: ref('ref'),
  }),
  rate_limit: closed(['per'], {
    name: { type: 'string', pattern: namePattern, maxLength: 64 },
    per: { enum: ['app', 'credential', 'account', 'host'] },
    paths: ref('paths'),
    methods: listOf(methods, { minItems: 1 }),
    limit: count(1, 1_000_000_000),
    window_s: { type: 'number', minimum: 0.1, maximum: 2_678_400 },
    refill_per_s: { type: 'number', minimum: 0.0001, maximum: 1_000_000 },
    concurrent: count(1, 10_000),
    cost: { anyOf: [{ type: 'number', minimum: 0, maximum: 1_000_000 }, ref('ref')] },
    tells: closed(
      [],
      {
        ...Object.fromEntries(
          ['limit', 'remaining', 'used', 'used_percent', 'reset', 'refill'].map((name) => [name, ref('ref')]),
        ),
        reset_as: { enum: ['epoch_s', 'epoch_ms', 'in_s', 'in_ms', 'date'] },
      },
      { minProperties: 1 },
    ),
  }),
  limits: closed([], {
    heap_mb: count(8, 512),
    cpu_ms: count(10, 60_000),
    wall_ms: count(100, 300_000),
    concurrency: count(1, 100),
  }),
};
