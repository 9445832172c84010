import type { Text } from './language.ts';
import { type Action, actionDefinitions, type DeclaredEvent, type Schema } from './manifest/actions.ts';
import { type Auth, authDefinitions, type Exchange, type Learn } from './manifest/auth.ts';
import { type AnswerRule, type AskedLimits, limitDefinitions, type RateLimit } from './manifest/limits.ts';
import { type Permission, permissionDefinitions } from './manifest/permissions.ts';
import {
  closed,
  eventTypePattern,
  type Fields,
  listOf,
  mapOf,
  namePattern,
  type Pointer,
  ref,
  shapeDefinitions,
  shortText,
} from './manifest/shapes.ts';
import { type Stream, streamDefinitions } from './manifest/streams.ts';
import { type Trigger, triggerDefinitions } from './manifest/triggers.ts';
import { verifyDefinitions } from './manifest/verify.ts';

/** What an integration connects to (`service_type`). */
export const serviceTypes = [
  ...(['code_repository', 'project_management', 'communication', 'ci_cd', 'container', 'monitoring'] as const),
  ...(['marketing', 'crm', 'commerce', 'content', 'design', 'automation', 'health', 'supply_chain'] as const),
  ...(['analytics', 'custom'] as const),
] as const;
export type ServiceType = (typeof serviceTypes)[number];

/** `plugin.json`: what a plugin is, needs and offers. `CONTRACT.md` explains each part. */
export interface Manifest {
  $schema?: string;
  manifest_version: 1;
  /** `@publisher/name` */
  name: string;
  /** SemVer 2.0.0 without build metadata; immutable once published */
  version: string;
  display_name?: Text;
  description?: Text;
  categories?: readonly string[];
  keywords?: readonly string[];
  /** SPDX expression */
  license?: string;
  author?: string | { name: string; email?: string; url?: string };
  repository_url?: string;
  documentation_url?: string;
  support_url?: string;
  privacy_url?: string;
  integration?: { type: string; category: string; service_type: ServiceType };
  engines?: { patchbay: string };
  permissions?: readonly Permission[];
  /** JSON Schema of the settings; `"format": "secret"` fields are sealed and never in `ctx.config`. */
  configuration?: Schema;
  app?: Fields;
  auth?: readonly Auth[];
  learn?: Readonly<Record<string, Learn>>;
  exchanges?: Readonly<Record<string, Exchange>>;
  answers?: readonly AnswerRule[];
  redact?: readonly Pointer[];
  rate_limits?: readonly RateLimit[];
  actions?: Readonly<Record<string, Action>>;
  streams?: Readonly<Record<string, Stream>>;
  triggers?: Readonly<Record<string, Trigger>>;
  events?: Readonly<Record<string, DeclaredEvent>>;
  listens?: readonly string[];
  limits?: AskedLimits;
  /** from-range of versions → name of the handler below `migrate` */
  configuration_migrations?: Readonly<Record<string, string>>;
  compatibility?: { replaces?: readonly string[]; deprecated?: string; successor?: string };
  /** Written by `pack`: path → sha256 as hex. */
  files?: Readonly<Record<string, string>>;
}

export const packageNamePattern = '^@[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$';
const packageName = { type: 'string', pattern: packageNamePattern, minLength: 4, maxLength: 100 };
const link = { type: 'string', format: 'uri', pattern: '^https?://', maxLength: 500 };
const slug = { type: 'string', pattern: '^[a-z][a-z0-9_]*$', maxLength: 64 };

/** The manifest's JSON Schema (2020-12), published as `plugin.schema.json`. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Patchbay plugin manifest',
  ...closed(['manifest_version', 'name', 'version'], {
    $schema: { type: 'string', maxLength: 500 },
    manifest_version: { const: 1 },
    name: { description: '@publisher/name', ...packageName },
    version: { description: 'SemVer 2.0.0', type: 'string', minLength: 1, maxLength: 100 },
    display_name: ref('text'),
    description: ref('text'),
    categories: listOf(slug, { maxItems: 10 }),
    keywords: listOf(shortText(40), { maxItems: 30 }),
    license: shortText(100),
    author: {
      type: ['string', 'object'],
      minLength: 1,
      maxLength: 200,
      additionalProperties: false,
      required: ['name'],
      properties: { name: shortText(200), email: { type: 'string', format: 'email' }, url: link },
    },
    repository_url: link,
    documentation_url: link,
    support_url: { type: 'string', format: 'uri', pattern: '^(https?://|mailto:)', maxLength: 500 },
    privacy_url: link,
    integration: closed(['type', 'category', 'service_type'], {
      type: slug,
      category: slug,
      service_type: { enum: serviceTypes },
    }),
    engines: closed(['patchbay'], { patchbay: shortText(100) }),
    permissions: listOf(ref('permission'), { maxItems: 50 }),
    configuration: ref('stranger_schema'),
    app: ref('fields'),
    auth: listOf(ref('auth'), { minItems: 1, maxItems: 10 }),
    learn: ref('learn'),
    exchanges: mapOf(ref('exchange'), namePattern, { maxProperties: 10 }),
    answers: listOf(ref('answer'), { maxItems: 50 }),
    redact: listOf(ref('pointer'), { maxItems: 50 }),
    rate_limits: listOf(ref('rate_limit'), { maxItems: 50 }),
    actions: mapOf(ref('action'), namePattern, { maxProperties: 2_000 }),
    streams: mapOf(ref('stream'), namePattern, { maxProperties: 200 }),
    triggers: mapOf(ref('trigger'), namePattern, { maxProperties: 50 }),
    events: mapOf(ref('event'), eventTypePattern, { maxProperties: 500 }),
    listens: listOf(
      { type: 'string', pattern: eventTypePattern, maxLength: 100 },
      { maxItems: 100, uniqueItems: true },
    ),
    limits: ref('limits'),
    configuration_migrations: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: namePattern, maxLength: 64 },
      maxProperties: 50,
    },
    compatibility: closed([], {
      replaces: listOf(packageName, { maxItems: 10 }),
      deprecated: shortText(500),
      successor: packageName,
    }),
    files: {
      type: 'object',
      additionalProperties: { type: 'string', pattern: '^[0-9a-f]+$', minLength: 64, maxLength: 64 },
      maxProperties: 1_000,
    },
  }),
  $defs: {
    ...shapeDefinitions,
    ...permissionDefinitions,
    ...authDefinitions,
    ...verifyDefinitions,
    ...limitDefinitions,
    ...actionDefinitions,
    ...streamDefinitions,
    ...triggerDefinitions,
  },
};
