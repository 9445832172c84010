import { anyObject, nullableTime, time } from '../http/schemas.ts';

const string = { type: 'string' } as const;
const strings = { type: 'array', items: string } as const;
const nullableString = { type: ['string', 'null'] } as const;
const count = { type: 'integer' } as const;

/** A permission as asked or as granted: its name, and its scope by the kind. */
export const permissionSchema = {
  title: 'Permission',
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: string,
    reason: { anyOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'string' } }] },
    optional: { type: 'boolean' },
    hosts: { type: 'array', items: string },
    methods: { type: 'array', items: string },
    paths: { type: 'array', items: string },
    private: { type: 'boolean' },
    service: string,
    max_bytes: { type: 'integer' },
    types: { type: 'array', items: string },
    models: { type: 'array', items: string },
    auth: { type: 'string', description: 'of `credentials`: the way of signing in whose addresses change' },
  },
} as const;

export const riskSchema = {
  title: 'Risk',
  type: 'object',
  additionalProperties: false,
  required: ['score', 'points'],
  properties: {
    score: { type: 'integer', description: '0 (nothing speaks against it) to 100' },
    points: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['points', 'name', 'about', 'why'],
        properties: {
          points: count,
          name: { ...string, description: 'what speaks against it, by a name that does not change' },
          about: { type: ['string', 'null'], description: 'hosts, service, permission or share that it is about' },
          why: { ...string, description: 'the same as an English sentence' },
        },
      },
    },
  },
} as const;

/** How a package behaves on this host; null without calls. */
export const healthSchema = {
  title: 'MeasuredHealth',
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['calls', 'crash_free', 'p95_ms'],
  properties: {
    calls: count,
    crash_free: { type: 'number', description: 'share of calls that did not fail, 0 to 1' },
    p95_ms: { type: 'number' },
  },
} as const;

const listingFields = {
  name: string,
  display_name: string,
  description: string,
  publisher: string,
  version: nullableString,
  categories: strings,
  keywords: strings,
  auth_types: strings,
  permissions: { ...strings, description: 'names of what it asks for' },
  integration_type: nullableString,
  engines: string,
  is_verified: { type: 'boolean' },
  is_signed: { type: 'boolean' },
  is_deprecated: { type: 'boolean' },
  is_first_party: { type: 'boolean' },
  is_blocked: { type: 'boolean' },
  icon: nullableString,
  download_count: count,
  rating: { type: 'number', description: 'Bayesian average, 0 without reviews' },
  review_count: count,
  updated_at: nullableTime,
  origin: { ...nullableString, description: 'address of the registry that it is mirrored from' },
  risk: riskSchema,
  health: healthSchema,
} as const;

export const listingSchema = {
  title: 'Listing',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'display_name', 'publisher', 'version', 'risk'],
  properties: listingFields,
} as const;

const signatureSchema = {
  title: 'Signature',
  type: 'object',
  additionalProperties: false,
  required: ['key_id', 'signature'],
  properties: { key_id: string, signature: string },
} as const;

/** Why a publisher advises against a release, and since when. */
export const deprecationSchema = {
  title: 'Deprecation',
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['reason', 'at'],
  properties: { reason: string, at: time },
} as const;

const releaseFields = {
  name: string,
  version: string,
  publisher: string,
  state: { enum: ['submitted', 'published', 'yanked', 'rejected'] },
  state_reason: nullableString,
  digest: { ...string, description: 'sha256 of the canonical manifest' },
  integrity: { ...string, description: 'sha512 of the packed bytes, as subresource integrity' },
  signatures: { type: 'array', items: signatureSchema },
  size: { ...count, description: 'packed, bytes' },
  handlers: strings,
  is_verified: { type: 'boolean' },
  verified_at: nullableTime,
  verified_by: nullableString,
  verified_reason: nullableString,
  deprecated: deprecationSchema,
  published_at: time,
  log_index: { type: ['integer', 'null'] },
  download_count: count,
} as const;

/** A release without its manifest and texts. */
export const releaseSchema = {
  title: 'Release',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'version', 'state', 'integrity', 'signatures'],
  properties: releaseFields,
} as const;

/** A release with its manifest and texts: everything but the bytes. */
export const releaseDetailSchema = {
  title: 'ReleaseDetail',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'version', 'state', 'integrity', 'signatures', 'manifest'],
  properties: {
    ...releaseFields,
    manifest: anyObject,
    readme: nullableString,
    changelog: nullableString,
    icon: nullableString,
    screenshots: strings,
  },
} as const;

export const findingSchema = {
  title: 'Finding',
  type: 'object',
  additionalProperties: false,
  required: ['rule', 'severity', 'file', 'message', 'fix'],
  properties: {
    rule: string,
    severity: { enum: ['error', 'warning', 'info'] },
    file: string,
    line: count,
    message: string,
    fix: string,
  },
} as const;

export const marketplaceDetailSchema = {
  title: 'MarketplacePlugin',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'display_name', 'publisher', 'version', 'versions', 'manifest', 'permissions_asked', 'risk'],
  properties: {
    ...listingFields,
    author: nullableString,
    license: nullableString,
    repository_url: nullableString,
    documentation_url: nullableString,
    support_url: nullableString,
    privacy_url: nullableString,
    versions: { type: 'array', items: releaseSchema },
    manifest: anyObject,
    permissions_asked: { type: 'array', items: permissionSchema },
    configuration_schema: anyObject,
    readme: nullableString,
    changelog: nullableString,
    screenshots: strings,
    block_reason: nullableString,
    ratings: {
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: 'how many gave 1 to 5 stars',
    },
  },
} as const;

const countsSchema = { type: 'object', additionalProperties: { type: 'integer' } } as const;

export const statsSchema = {
  title: 'PackageStats',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'installs', 'versions', 'downloads', 'errors', 'health'],
  properties: {
    name: string,
    installs: count,
    versions: { ...countsSchema, description: 'installs by version' },
    downloads: { ...countsSchema, description: 'downloads by version' },
    errors: {
      type: 'array',
      description: 'failures of the last week, grouped',
      items: {
        title: 'ErrorGroup',
        type: 'object',
        additionalProperties: false,
        required: ['version', 'handler', 'type', 'message', 'count', 'last_at'],
        properties: { version: string, handler: string, type: string, message: string, count, last_at: string },
      },
    },
    health: healthSchema,
  },
} as const;
