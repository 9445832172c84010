import { readLog } from '../../../marketplace/index.ts';
import { audit } from '../../audit/audit.ts';
import { Raw, route } from '../../http/route.ts';
import { checkpointSchema, logEntrySchema } from '../log-schemas.ts';
import { marketplace, siteWorkspace } from '../marketplace.ts';
import { presentLogEntry } from '../present.ts';

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

const exported = route({
  method: 'GET',
  path: '/registry/export',
  summary: 'Packages with their keys and proofs in one file, for a host without network',
  who: 'plugins:read',
  query: { names: { type: 'string', maxLength: 10_000, description: '`@acme/a,@acme/b`; all packages without it' } },
  produces: ['application/gzip'],
  handle: async ({ query }) => {
    const names = (query.names ?? '').split(',').map((name) => name.trim());
    const file = await marketplace().exportPackages(names.filter((name) => name !== ''));
    return new Raw(file, {
      'Content-Type': 'application/gzip',
      'Content-Disposition': 'attachment; filename="patchbay-registry.jsonl.gz"',
    });
  },
});

const imported = route({
  method: 'POST',
  path: '/registry/import',
  summary: 'Take packages from an export file; each must prove itself (operators)',
  who: 'site:operate',
  bytes: ['application/gzip', 'application/octet-stream'],
  max_bytes: 500_000_000,
  answer: {
    title: 'Imported',
    type: 'object',
    additionalProperties: false,
    required: ['origin', 'publishers', 'releases', 'left_out'],
    properties: {
      origin: { type: 'string' },
      publishers: { type: 'array', items: { type: 'string' } },
      releases: { type: 'array', items: { type: 'string' } },
      left_out: { type: 'array', items: { type: 'string' }, description: 'what was not taken, and why' },
    },
  },
  handle: async ({ bytes, caller }) => {
    const done = await marketplace().importPackages(bytes);
    await audit({
      workspace_id: siteWorkspace,
      caller,
      action: 'registry.imported',
      target: { kind: 'registry', id: done.origin },
      after: {
        publishers: done.publishers,
        releases: done.releases.slice(0, 500),
        left_out: done.left_out.slice(0, 500),
      },
    });
    await marketplace().update();
    return done;
  },
});

export const logRoutes = [log, proof, exported, imported];
