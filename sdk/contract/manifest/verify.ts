import { byKind } from './by-kind.ts';
import {
  closed,
  count,
  type HashAlgorithm,
  listOf,
  mapOf,
  namePattern,
  type Pointer,
  type Ref,
  ref,
  shortText,
  type Template,
} from './shapes.ts';

/** Where a signature stands in a request, and how it is written. */
export type Signature = ({ header: string } | { query: string } | { body: Pointer } | { raw_body: true }) & {
  prefix?: string;
  encoding: 'hex' | 'base64' | 'base64url' | 'none';
  separator?: string;
};

type Where = { where?: readonly { at: Ref; equals: Template }[] };
/** How a vendor's request is proved genuine, over its raw bytes. `choose` is fixed when the hook is made. */
export type Verify =
  | { all: readonly Verify[] }
  | { choose: Readonly<Record<string, Verify>> }
  | (Where &
      (
        | { scheme: 'secret-url' }
        | { scheme: 'standard-webhooks'; key: Template }
        | { scheme: 'token'; at: Ref; value: Template }
        | {
            scheme: 'hmac' | 'hash';
            algorithm: HashAlgorithm;
            key: Template;
            key_encoding?: 'utf8' | 'hex' | 'base64';
            message: Template;
            signature: Signature;
            timestamp?: { at: Ref; unit: 's' | 'ms'; tolerance_s: number };
          }
        | {
            scheme: 'public-key';
            algorithm: string;
            message: Template;
            signature: Signature | readonly Signature[];
            keys: {
              jwks?: string;
              tink?: string;
              pem?: string;
              pem_at?: { origin: string; path: readonly Ref[] };
              kid?: Ref;
            };
          }
        | {
            scheme: 'jwt';
            token: Signature | { header: string; prefix?: string };
            algorithms: readonly string[];
            key?: Template;
            jwks?: string;
            claims?: Readonly<Record<string, unknown>>;
            max_age_s?: number;
            payload?: Pointer;
          }
      ));

const signature = (required: string[]) =>
  closed(
    required,
    {
      header: shortText(200),
      query: shortText(200),
      body: ref('pointer'),
      raw_body: { const: true },
      prefix: shortText(100),
      encoding: { enum: ['hex', 'base64', 'base64url', 'none'] },
      separator: shortText(3),
    },
    { minProperties: 1 },
  );
const verifies = ref('verify');
const hmac = { needs: ['algorithm', 'key', 'message', 'signature'], takes: ['key_encoding', 'timestamp'] };
const schemes = byKind(
  'scheme',
  {
    all: listOf(verifies, { minItems: 1, maxItems: 10 }),
    choose: mapOf(verifies, namePattern, { minProperties: 1, maxProperties: 10 }),
    key: ref('template'),
    at: ref('ref'),
    value: ref('template'),
    algorithm: shortText(30),
    key_encoding: { enum: ['utf8', 'hex', 'base64'] },
    message: ref('template'),
    signature: { anyOf: [ref('signature'), listOf(ref('signature'), { minItems: 1, maxItems: 5 })] },
    timestamp: closed(['at', 'unit', 'tolerance_s'], {
      at: ref('ref'),
      unit: { enum: ['s', 'ms'] },
      tolerance_s: count(1, 86_400),
    }),
    keys: closed(
      [],
      {
        jwks: { type: 'string', format: 'uri' },
        tink: { type: 'string', format: 'uri' },
        pem: shortText(16_000),
        pem_at: closed(['origin', 'path'], {
          origin: { type: 'string', format: 'uri' },
          path: listOf(ref('ref'), { minItems: 1, maxItems: 5 }),
        }),
        kid: ref('ref'),
      },
      { minProperties: 1 },
    ),
    token: signature([]),
    algorithms: listOf({ type: 'string', pattern: '^[A-Za-z0-9-]{1,16}$' }, { minItems: 1, maxItems: 10 }),
    jwks: { type: 'string', format: 'uri' },
    claims: { type: 'object' },
    max_age_s: count(1, 86_400),
    payload: ref('pointer'),
    where: listOf(closed(['at', 'equals'], { at: ref('ref'), equals: ref('template') }), { minItems: 1, maxItems: 10 }),
  },
  {
    'secret-url': {},
    'standard-webhooks': { needs: ['key'] },
    token: { needs: ['at', 'value'] },
    hmac,
    hash: hmac,
    'public-key': { needs: ['algorithm', 'message', 'signature', 'keys'] },
    jwt: { needs: ['token', 'algorithms'], takes: ['key', 'jwks', 'claims', 'max_age_s', 'payload'] },
  },
  ['where'],
);

export const verifyDefinitions = {
  signature: signature(['encoding']),
  verify: {
    ...schemes,
    minProperties: 1,
    allOf: [
      ...schemes.allOf,
      {
        // biome-ignore-start lint/suspicious/noThenProperty: `then` is JSON Schema's word
        if: { not: { anyOf: [{ required: ['all'] }, { required: ['choose'] }] } },
        then: { required: ['scheme'] },
        else: { maxProperties: 1 },
        // biome-ignore-end lint/suspicious/noThenProperty: `then` is JSON Schema's word
      },
    ],
  },
};
