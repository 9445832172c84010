import { readLog } from '../../../marketplace/index.ts';
import { route } from '../../http/route.ts';
import { marketplace } from '../marketplace.ts';
import { presentLogEntry } from '../present.ts';
import { checkpointSchema, logEntrySchema } from '../schemas.ts';

const index = { type: 'integer', minimum: 0 } as const;

const log = route({
  method: 'GET',
  path: '/registry/log',
  summary: 'The registry’s log, oldest first: every publication and every change of trust',
  who: 'public',
  query: {
    after: { ...index, default: 0, description: 'from this line on, counted from 0' },
    size: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  answer: {
    title: 'RegistryLog',
    type: 'object',
    additionalProperties: false,
    required: ['entries', 'total', 'checkpoint'],
    properties: {
      entries: { type: 'array', items: logEntrySchema },
      total: { type: 'integer' },
      checkpoint: checkpointSchema,
    },
  },
  handle: async ({ query }) => {
    const { entries, total } = await readLog(query.after, query.size);
    return { entries: entries.map(presentLogEntry), total, checkpoint: await marketplace().checkpoint() };
  },
});

const proof = route({
  method: 'GET',
  path: '/registry/log/proof',
  summary: 'That a line is in the log, and that the log still begins as it did',
  description:
    'Hashes as in RFC 9162: a leaf is SHA-256 of a zero byte and the line, an inner node of a one byte and both children.',
  who: 'public',
  query: {
    index: { ...index, description: 'prove this line' },
    since: { ...index, description: 'prove that the log of so many lines is the beginning of today’s' },
  },
  answer: {
    title: 'LogProof',
    type: 'object',
    additionalProperties: false,
    required: ['entry', 'leaf_hash', 'inclusion', 'consistency', 'checkpoint'],
    properties: {
      entry: { anyOf: [logEntrySchema, { type: 'null' }] },
      leaf_hash: { type: ['string', 'null'] },
      inclusion: { type: 'array', items: { type: 'string' }, description: 'hex, from the leaf up' },
      consistency: { type: 'array', items: { type: 'string' } },
      checkpoint: checkpointSchema,
    },
  },
  handle: async ({ query }) => {
    const { entry, ...proven } = await marketplace().prove(query);
    return { ...proven, entry: entry && presentLogEntry(entry) };
  },
});

export const logRoutes = [log, proof];
