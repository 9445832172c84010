import { time } from '../http/schemas.ts';

const string = { type: 'string' } as const;
const nullableString = { type: ['string', 'null'] } as const;

const count = { type: 'integer' } as const;

export const checkpointSchema = {
  title: 'Checkpoint',
  type: 'object',
  additionalProperties: false,
  required: ['origin', 'size', 'root', 'at', 'key_id', 'public_key', 'signature'],
  properties: {
    origin: string,
    size: count,
    root: { ...string, description: 'hex; Merkle tree hash of RFC 9162' },
    at: time,
    key_id: string,
    public_key: string,
    signature: { ...string, description: 'Ed25519, base64, over the lines of the checkpoint' },
  },
} as const;

export const logEntrySchema = {
  title: 'LogEntry',
  type: 'object',
  additionalProperties: false,
  required: ['index', 'kind', 'subject', 'version', 'leaf', 'at'],
  properties: {
    index: count,
    kind: string,
    subject: string,
    version: nullableString,
    leaf: { ...string, description: 'the canonical JSON that was hashed' },
    at: time,
  },
} as const;
