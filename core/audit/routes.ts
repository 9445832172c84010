import { Readable } from 'node:stream';
import { trusted } from '../database/mongoose.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { Raw, type Route, route } from '../http/route.ts';
import { time } from '../http/schemas.ts';
import { AuditEntry } from './model.ts';
import { auditEntrySchema, presentAuditEntry } from './schemas.ts';

const word = { type: 'string', minLength: 1, maxLength: 100 } as const;

export const auditRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what, newest first',
    description: 'With `format=jsonl` every matching entry comes, oldest first, one JSON object a line.',
    who: 'audit:read',
    query: {
      ...pageFields,
      actor: { ...word, description: 'id or label of who did it' },
      action: { ...word, description: 'for example plugin.installed, or plugin.* for all of a noun' },
      target: { ...word, description: 'id of what was changed, or its kind' },
      since: time,
      until: time,
      format: { enum: ['json', 'jsonl'], default: 'json' },
    },
    answer: listOf('entries', auditEntrySchema),
    produces: ['application/x-ndjson'],
    handle: async ({ caller, query }) => {
      const filter = filterOf(caller.workspace_id, query);
      if (query.format === 'jsonl') {
        return new Raw(Readable.from(lines(filter)), { 'content-type': 'application/x-ndjson; charset=utf-8' });
      }
      const { skip, limit } = pageWindow(query);
      const [entries, total] = await Promise.all([
        AuditEntry.find(filter).sort({ at: -1, _id: -1 }).skip(skip).limit(limit).lean(),
        AuditEntry.countDocuments(filter),
      ]);
      return { entries: entries.map(presentAuditEntry), total, page: query.page, size: query.size };
    },
  }),
];

interface Wanted {
  actor?: string;
  action?: string;
  target?: string;
  since?: string;
  until?: string;
}

function filterOf(workspace_id: string, { actor, action, target, since, until }: Wanted) {
  const noun = action?.endsWith('.*') ? action.slice(0, -1) : null;
  return {
    workspace_id,
    ...(actor === undefined ? {} : { $or: [{ 'actor.id': actor }, { 'actor.label': actor }] }),
    // The range of all texts that begin with the noun: an index serves it, a pattern from outside is never compiled.
    ...(noun ? { action: trusted({ $gte: noun, $lt: `${noun}\uffff` }) } : action === undefined ? {} : { action }),
    ...(target === undefined ? {} : { $and: [{ $or: [{ 'target.id': target }, { 'target.kind': target }] }] }),
    ...(since === undefined && until === undefined
      ? {}
      : {
          at: trusted({
            ...(since === undefined ? {} : { $gte: new Date(since) }),
            ...(until === undefined ? {} : { $lt: new Date(until) }),
          }),
        }),
  };
}

async function* lines(filter: ReturnType<typeof filterOf>): AsyncGenerator<string> {
  for await (const entry of AuditEntry.find(filter).sort({ at: 1, _id: 1 }).lean().cursor()) {
    yield `${JSON.stringify(presentAuditEntry(entry))}\n`;
  }
}
