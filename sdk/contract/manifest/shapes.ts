import type { Text } from '../language.ts';
import { byKind } from './by-kind.ts';

/** `{source.name|filter}`; see `template.ts` for sources and filters. */
export type Template = string;
/** RFC 6901; `*` stands for every child. */
export type Pointer = string;

/** A place in a request or answer. */
export type Ref =
  | { header: string; json?: Pointer; pattern?: string }
  | { query: string }
  | { body: Pointer; pattern?: string };

export interface Field {
  type: 'string' | 'integer' | 'number' | 'boolean';
  title?: Text;
  description?: Text;
  format?: 'secret' | 'hostname' | 'uri' | 'pem';
  pattern?: string;
  enum?: readonly (string | number)[];
  default?: string | number | boolean;
  optional?: boolean;
}
export type Fields = Readonly<Record<string, Field>>;

/** Where in a request a value goes; `only` limits it to these paths. */
export interface Place {
  in: 'header' | 'query' | 'form' | 'json';
  name: string;
  value: Template;
  only?: readonly string[];
}

export type Sign =
  | {
      scheme: 'hmac';
      algorithm: HashAlgorithm;
      key: Template;
      message: Template;
      encoding: 'hex' | 'base64' | 'base64url';
      to: Omit<Place, 'value'>;
    }
  | { scheme: 'jwt'; algorithm: string; key: Template; claims: Readonly<Record<string, unknown>>; life_s: number }
  | { scheme: 'oauth1'; method: 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'PLAINTEXT' }
  | { scheme: 'alipay-rsa2' | 'alipay-v3'; key: Template; verify_with: Template };
export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** A request that the host makes by itself: token, refresh, revoke, exchange. */
export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: Template;
  as?: 'form' | 'json' | 'query';
  client?: 'basic' | 'body' | 'none';
  headers?: Readonly<Record<string, Template>>;
  params?: Readonly<Record<string, Template>>;
  sign?: Sign;
  auth?: string;
}

/** What the answer of a `Call` holds, and where. */
export interface Yields {
  at?: Pointer;
  strip_prefix?: string;
  secrets: Readonly<Record<string, Pointer>>;
  expires_in?: Pointer;
  expires_at?: Pointer;
  unit?: 's' | 'ms';
  default_life_s?: number;
  scope?: Pointer;
  each?: { at: Pointer; key: Pointer };
}

export const namePattern = '^[a-z][a-z0-9_]*$';
export const fieldNamePattern = '^[A-Za-z_][A-Za-z0-9_]*$';
export const eventTypePattern = '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$';
export const methods = { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] };

export const ref = (name: string) => ({ $ref: `#/$defs/${name}` });
export const listOf = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
export const mapOf = (values: object, names = fieldNamePattern, more: object = {}) => ({
  type: 'object',
  propertyNames: { pattern: names, maxLength: 64 },
  additionalProperties: values,
  ...more,
});
export const shortText = (longest: number) => ({ type: 'string', minLength: 1, maxLength: longest });
export const count = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum });
export const closed = (required: readonly string[], properties: Record<string, object>, more: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length > 0 ? { required: [...required] } : {}),
  properties,
  ...more,
});

const pathList = listOf({ type: 'string', pattern: '^/', maxLength: 500 }, { minItems: 1, maxItems: 200 });

/** The `$defs` that every part of the manifest's schema refers to. */
export const shapeDefinitions = {
  text: {
    description: 'A text, or one per language',
    type: ['string', 'object'],
    minLength: 1,
    maxLength: 2_000,
    additionalProperties: false,
    required: ['en'],
    properties: { en: shortText(2_000), 'zh-Hans': shortText(2_000), 'zh-Hant': shortText(2_000) },
  },
  template: { description: '{source.name|filter}', type: 'string', minLength: 1, maxLength: 4_000 },
  // A bare `""` is the whole document.
  pointer: { description: 'JSON Pointer; * is every child', type: 'string', pattern: '^(/[^/]*)*$', maxLength: 500 },
  paths: { description: '* is one segment, ** the rest', ...pathList },
  ref: closed(
    [],
    {
      header: shortText(200),
      json: ref('pointer'),
      query: shortText(200),
      body: ref('pointer'),
      pattern: shortText(1_000),
    },
    {
      minProperties: 1,
      dependentRequired: { json: ['header'] },
    },
  ),
  fields: mapOf(
    closed(['type'], {
      type: { enum: ['string', 'integer', 'number', 'boolean'] },
      title: ref('text'),
      description: ref('text'),
      format: { enum: ['secret', 'hostname', 'uri', 'pem'] },
      pattern: shortText(1_000),
      enum: listOf({ type: ['string', 'number'] }, { minItems: 1, maxItems: 200 }),
      default: { type: ['string', 'number', 'boolean'] },
      optional: { type: 'boolean' },
    }),
    fieldNamePattern,
    { maxProperties: 50 },
  ),
  place: closed(['in', 'name', 'value'], {
    in: { enum: ['header', 'query', 'form', 'json'] },
    name: shortText(200),
    value: ref('template'),
    only: ref('paths'),
  }),
  sign: {
    required: ['scheme'],
    ...byKind(
      'scheme',
      {
        algorithm: shortText(20),
        key: ref('template'),
        message: ref('template'),
        encoding: { enum: ['hex', 'base64', 'base64url'] },
        to: closed(['in', 'name'], {
          in: { enum: ['header', 'query', 'form', 'json'] },
          name: shortText(200),
          only: ref('paths'),
        }),
        claims: { type: 'object' },
        life_s: count(1, 86_400),
        method: { enum: ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'PLAINTEXT'] },
        verify_with: ref('template'),
      },
      {
        hmac: { needs: ['algorithm', 'key', 'message', 'encoding', 'to'] },
        jwt: { needs: ['algorithm', 'key', 'claims', 'life_s'] },
        oauth1: { needs: ['method'] },
        'alipay-rsa2': { needs: ['key', 'verify_with'] },
        'alipay-v3': { needs: ['key', 'verify_with'] },
      },
    ),
  },
  call: closed(['url'], {
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
    url: ref('template'),
    as: { enum: ['form', 'json', 'query'] },
    client: { enum: ['basic', 'body', 'none'] },
    headers: { type: 'object', additionalProperties: ref('template'), maxProperties: 30 },
    params: { type: 'object', additionalProperties: ref('template'), maxProperties: 30 },
    sign: ref('sign'),
    auth: shortText(64),
  }),
  yields: closed(['secrets'], {
    at: ref('pointer'),
    strip_prefix: shortText(100),
    secrets: mapOf(ref('pointer'), fieldNamePattern, { minProperties: 1, maxProperties: 20 }),
    expires_in: ref('pointer'),
    expires_at: ref('pointer'),
    unit: { enum: ['s', 'ms'] },
    default_life_s: count(1, 315_360_000),
    scope: ref('pointer'),
    each: closed(['at', 'key'], { at: ref('pointer'), key: ref('pointer') }),
  }),
};
