import type { Text } from '../language.ts';
import { byKind } from './by-kind.ts';
import {
  type Call,
  closed,
  count,
  type Fields,
  fieldNamePattern,
  listOf,
  mapOf,
  namePattern,
  type Place,
  type Pointer,
  ref,
  type Sign,
  shortText,
  type Template,
  type Yields,
} from './shapes.ts';
import type { Verify } from './verify.ts';

export const authTypes = [
  ...(['oauth2', 'oauth1', 'api_key', 'basic', 'bearer', 'client_credentials', 'jwt_bearer'] as const),
  ...(['exchange', 'mtls', 'signed', 'none'] as const),
] as const;
export type AuthType = (typeof authTypes)[number];

/** One way to authorise at the vendor: what a person fills in, how a token is got, and where it may travel. */
export interface Auth {
  name: string;
  type: AuthType;
  title?: Text;
  /** What a person fills in. */
  fields?: Fields;
  /** A relative address of `ctx.fetch` is against this. */
  base_url: Template;
  /** Where this credential may go; within the `network` permission. */
  hosts: readonly Template[];
  inject?: readonly Place[];
  sign?: Sign;
  tls?: { ca?: Template; cert?: Template; key?: Template; server_name?: Template };
  exchange?: string;
  request?: Call;
  authorize?: {
    url: Template;
    params?: Readonly<Record<string, Template>>;
    scopes: readonly (string | { scope: string; optional?: boolean; reason?: Text })[];
    separator?: string;
    pkce: 'S256' | 'none';
    code_param?: string;
    client_id_param?: string;
    verify?: Verify;
  };
  token?: Call;
  yields?: Yields;
  also?: Readonly<Record<string, Yields>>;
  revoke?: Call;
  refresh?:
    | 'none'
    | {
        url?: Template;
        params?: Readonly<Record<string, Template>>;
        old_token: 'lives' | 'dies_on_use' | 'dies_when_new_is_used';
        margin_s?: number;
        idle_life_s?: number;
      };
}

/** A value learnt from an answer and kept with the integration (`{integration.name}`). */
export interface Learn {
  from: 'token' | 'callback' | 'connect';
  at?: string;
  pattern: string;
  same_as?: string;
}

/** Another token, got with the first one; chosen by `ctx.fetch(url, {auth: name, as: id})`. */
export interface Exchange {
  request: Call;
  yields: Yields;
  keep?: readonly Pointer[];
}

const templates = { type: 'object', additionalProperties: ref('template'), maxProperties: 30 };
const scope = {
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 300,
  additionalProperties: false,
  required: ['scope'],
  properties: { scope: shortText(300), optional: { type: 'boolean' }, reason: ref('text') },
};
const shared = ['name', 'title', 'fields', 'base_url', 'hosts', 'inject', 'sign', 'tls', 'exchange', 'request'];
const tokens = ['token', 'yields', 'also', 'revoke', 'refresh'];

export const authDefinitions = {
  auth: {
    required: ['name', 'type', 'base_url', 'hosts'],
    ...byKind(
      'type',
      {
        name: { type: 'string', pattern: namePattern, maxLength: 64 },
        title: ref('text'),
        fields: ref('fields'),
        base_url: ref('template'),
        hosts: listOf(ref('template'), { minItems: 1, maxItems: 50 }),
        inject: listOf(ref('place'), { minItems: 1, maxItems: 20 }),
        sign: ref('sign'),
        tls: closed([], {
          ca: ref('template'),
          cert: ref('template'),
          key: ref('template'),
          server_name: ref('template'),
        }),
        exchange: shortText(64),
        request: ref('call'),
        authorize: closed(['url', 'scopes', 'pkce'], {
          url: ref('template'),
          params: templates,
          scopes: listOf(scope, { maxItems: 200 }),
          separator: { type: 'string', minLength: 1, maxLength: 3 },
          pkce: { enum: ['S256', 'none'] },
          code_param: shortText(64),
          client_id_param: shortText(64),
          verify: ref('verify'),
        }),
        token: ref('call'),
        yields: ref('yields'),
        also: mapOf(ref('yields'), fieldNamePattern, { maxProperties: 10 }),
        revoke: ref('call'),
        refresh: {
          anyOf: [
            { const: 'none' },
            closed(['old_token'], {
              url: ref('template'),
              params: templates,
              old_token: { enum: ['lives', 'dies_on_use', 'dies_when_new_is_used'] },
              margin_s: count(0, 86_400),
              idle_life_s: count(1, 315_360_000),
            }),
          ],
        },
      },
      {
        oauth2: { needs: ['authorize', 'token', 'inject'], takes: tokens },
        oauth1: { needs: ['authorize', 'token', 'request', 'sign'], takes: tokens },
        api_key: { needs: ['fields'] },
        basic: { takes: ['fields'] },
        bearer: { takes: ['fields'] },
        client_credentials: { needs: ['token', 'inject'], takes: tokens },
        jwt_bearer: { needs: ['token', 'inject'], takes: tokens },
        exchange: { needs: ['fields'], takes: tokens },
        mtls: { needs: ['fields', 'tls'] },
        signed: { needs: ['fields', 'sign'] },
        none: {},
      },
      shared,
    ),
  },
  learn: mapOf(
    closed(['from', 'pattern'], {
      from: { enum: ['token', 'callback', 'connect'] },
      at: shortText(200),
      pattern: shortText(1_000),
      same_as: shortText(200),
    }),
    fieldNamePattern,
    { maxProperties: 20 },
  ),
  exchange: closed(['request', 'yields'], {
    request: ref('call'),
    yields: ref('yields'),
    keep: listOf(ref('pointer'), { maxItems: 20 }),
  }),
};
