import type { Text } from '../language.ts';
import {
  closed,
  count,
  eventTypePattern,
  listOf,
  namePattern,
  type Pointer,
  type Ref,
  ref,
  shortText,
  type Template,
} from './shapes.ts';
import type { Verify } from './verify.ts';

/** An answer that the host gives at once, without the plugin. */
export interface Respond {
  status: number;
  headers?: Readonly<Record<string, Template>>;
  body?: Template;
  type?: string;
}

export interface Handshake {
  when: {
    method?: string;
    query?: Readonly<Record<string, string | readonly string[]>>;
    body?: Readonly<Record<Pointer, readonly unknown[]>>;
    has?: readonly Ref[];
  };
  verified?: true;
  where?: readonly { at: Ref; equals: Template }[];
  respond: Respond;
  /** Status when `where` does not hold. */
  otherwise?: number;
}

/** A webhook of the vendor. */
export interface Trigger {
  title: Text;
  description?: Text;
  /** One address per integration, or one for the vendor's whole app. */
  address: 'integration' | 'app';
  /** For `app`: which integrations a request belongs to. */
  route?: { to: string; by: Ref; each?: Pointer };
  accepts?: readonly ('json' | 'form' | 'xml' | 'text' | 'file')[];
  /** Form field that holds the JSON. */
  payload?: string;
  max_bytes?: number;
  verify: Verify;
  handshake?: readonly Handshake[];
  open?: 'wechat-data' | 'alipay-data';
  respond?: Respond;
  /** What makes two requests the same. */
  dedupe?: readonly Ref[];
  redact?: readonly Pointer[];
  subscription?: {
    by: 'handler' | 'person';
    per?: string;
    secret?: Template | 'made';
    secret_at?: Pointer;
    life_s?: number;
    renew_before_s?: number;
    check_every_s?: number;
  };
  emits?: readonly string[];
  writes?: readonly string[];
}

const values = listOf({ type: ['string', 'number', 'boolean', 'null'] }, { minItems: 1, maxItems: 50 });
const respond = closed(['status'], {
  status: count(200, 599),
  headers: { type: 'object', additionalProperties: ref('template'), maxProperties: 10 },
  body: ref('template'),
  type: shortText(100),
});
const where = listOf(closed(['at', 'equals'], { at: ref('ref'), equals: ref('template') }), {
  minItems: 1,
  maxItems: 10,
});

export const triggerDefinitions = {
  respond,
  trigger: closed(['title', 'address', 'verify'], {
    title: ref('text'),
    description: ref('text'),
    address: { enum: ['integration', 'app'] },
    route: closed(['to', 'by'], { to: shortText(64), by: ref('ref'), each: ref('pointer') }),
    accepts: listOf({ enum: ['json', 'form', 'xml', 'text', 'file'] }, { minItems: 1, maxItems: 5 }),
    payload: shortText(64),
    max_bytes: count(1, 26_214_400),
    verify: ref('verify'),
    handshake: listOf(
      closed(['when', 'respond'], {
        when: closed(
          [],
          {
            method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'] },
            query: {
              type: 'object',
              additionalProperties: { anyOf: [{ type: 'string' }, listOf({ type: 'string' }, { minItems: 1 })] },
              maxProperties: 10,
            },
            body: { type: 'object', additionalProperties: values, maxProperties: 10 },
            has: listOf(ref('ref'), { minItems: 1, maxItems: 10 }),
          },
          { minProperties: 1 },
        ),
        verified: { const: true },
        where,
        respond: ref('respond'),
        otherwise: count(200, 599),
      }),
      { minItems: 1, maxItems: 10 },
    ),
    open: { enum: ['wechat-data', 'alipay-data'] },
    respond: ref('respond'),
    dedupe: listOf(ref('ref'), { minItems: 1, maxItems: 5 }),
    redact: listOf(ref('pointer'), { maxItems: 50 }),
    subscription: closed(['by'], {
      by: { enum: ['handler', 'person'] },
      per: shortText(64),
      secret: ref('template'),
      secret_at: ref('pointer'),
      life_s: count(60, 315_360_000),
      renew_before_s: count(1, 31_536_000),
      check_every_s: count(60, 31_536_000),
    }),
    emits: listOf({ type: 'string', pattern: eventTypePattern }, { minItems: 1, maxItems: 300 }),
    writes: listOf({ type: 'string', pattern: namePattern }, { minItems: 1, maxItems: 100 }),
  }),
};
