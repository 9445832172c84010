import { anyObject, nullableTime, time } from '../http/schemas.ts';
import { deprecationSchema, permissionSchema } from '../registry/schemas.ts';

const string = { type: 'string' } as const;
const nullableString = { type: ['string', 'null'] } as const;

/** What an admin grants: the name of a permission, or the permission narrowed. */
export const givenPermission = {
  anyOf: [{ type: 'string', minLength: 1, maxLength: 64 }, permissionSchema],
} as const;

/** An installed plugin, as `API.md` names its fields. */
export const pluginSchema = {
  title: 'Plugin',
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'name',
    'display_name',
    'version',
    'description',
    'permissions',
    'is_enabled',
    'is_verified',
    'status',
  ],
  properties: {
    id: string,
    name: string,
    display_name: string,
    version: string,
    description: string,
    author: nullableString,
    repository_url: nullableString,
    documentation_url: nullableString,
    manifest: { ...anyObject, description: 'as released' },
    permissions: { type: 'array', items: permissionSchema, description: 'what is granted' },
    configuration_schema: { ...anyObject, description: 'JSON Schema of the settings' },
    is_enabled: { type: 'boolean' },
    is_verified: { type: 'boolean' },
    verification_date: nullableTime,
    download_count: { type: 'integer' },
    rating: { type: 'number' },
    review_count: { type: 'integer' },
    installed_by: string,
    installed_at: time,
    available_version: {
      ...nullableString,
      description: 'the newest release that could be taken; null when this is it',
    },
    status: { enum: ['ok', 'disabled', 'suspect', 'blocked', 'tampered'] },
    status_reason: nullableString,
    source: { enum: ['marketplace', 'sideload'] },
    pinned: { type: 'boolean' },
    auto_upgrade: { enum: ['manual', 'patch', 'minor'] },
    jitless: { type: 'boolean' },
    is_recording: { type: 'boolean' },
    previous_version: { ...nullableString, description: 'what rollback goes back to' },
    canary_version: nullableString,
    integration_type: nullableString,
    icon: nullableString,
    deprecated: deprecationSchema,
    release_state: {
      type: ['string', 'null'],
      description: 'what became of the installed release: `published`, `yanked`, `rejected`; null for a sideload',
    },
    release_state_reason: nullableString,
  },
} as const;
