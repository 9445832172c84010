import { nullableTime, time } from '../http/schemas.ts';

const string = { type: 'string' } as const;
const nullableString = { type: ['string', 'null'] } as const;

export const publisherSchema = {
  title: 'Publisher',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'display_name', 'keys', 'is_first_party', 'created_at'],
  properties: {
    name: string,
    display_name: string,
    is_first_party: { type: 'boolean' },
    origin: nullableString,
    keys: {
      type: 'array',
      items: {
        title: 'PublisherKey',
        type: 'object',
        additionalProperties: false,
        required: ['key_id', 'public_key', 'added_at', 'revoked_at'],
        properties: {
          key_id: string,
          public_key: { ...string, description: 'raw Ed25519 key, base64' },
          added_at: time,
          revoked_at: nullableTime,
          revoked_reason: nullableString,
        },
      },
    },
    created_at: time,
  },
} as const;

export const memberSchema = {
  title: 'PublisherMember',
  type: 'object',
  additionalProperties: false,
  required: ['user_id', 'role'],
  properties: { user_id: string, email: nullableString, role: { enum: ['owner', 'member'] } },
} as const;

export const reviewSchema = {
  title: 'Review',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'author', 'rating', 'text', 'version', 'created_at', 'updated_at'],
  properties: {
    name: string,
    author: string,
    rating: { type: 'integer' },
    text: string,
    version: string,
    is_mine: { type: 'boolean' },
    created_at: time,
    updated_at: time,
  },
} as const;
