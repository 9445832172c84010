import { trusted } from './database/mongoose.ts';
import { route } from './http/route.ts';
import { nullableTime } from './http/schemas.ts';
import { sandbox } from './invocations/sandbox.ts';
import { Job } from './jobs/model.ts';

const count = { type: 'integer' } as const;
const counts = { type: 'object', additionalProperties: count } as const;
const unfinished = ['ready', 'waiting', 'blocked', 'running'];

/** What a person wants to know of a host that is up: its sandbox processes and its queues. Counts only, of nobody's data. */
export const platformRoutes = [
  route({
    method: 'GET',
    path: '/health/details',
    summary: 'Sandbox processes of this node and the queues of the site, in counts',
    who: 'metrics:read',
    kind: 'service',
    answer: {
      title: 'HealthDetails',
      type: 'object',
      additionalProperties: false,
      required: ['uptime_s', 'rss_bytes', 'sandbox', 'queues'],
      properties: {
        uptime_s: count,
        rss_bytes: { ...count, description: 'memory of the host’s own process' },
        sandbox: {
          type: 'object',
          additionalProperties: false,
          required: ['processes', 'isolates', 'rss_bytes', 'in_flight', 'queued', 'calls', 'errors', 'kills'],
          properties: {
            processes: { ...counts, description: 'by use: calls, jobs, solitary, standby' },
            isolates: count,
            rss_bytes: count,
            in_flight: count,
            queued: count,
            calls: { ...count, description: 'since the start' },
            errors: { ...counts, description: 'since the start, by type' },
            kills: { ...counts, description: 'processes that ended, by reason' },
          },
        },
        queues: {
          type: 'array',
          items: {
            title: 'Queue',
            type: 'object',
            additionalProperties: false,
            required: ['kind', 'ready', 'waiting', 'blocked', 'running', 'dead', 'oldest_ready_at'],
            properties: {
              kind: { type: 'string' },
              ready: count,
              waiting: count,
              blocked: count,
              running: count,
              dead: count,
              oldest_ready_at: { ...nullableTime, description: 'since when the longest waiting one could run' },
            },
          },
        },
      },
    },
    handle: async () => {
      const { processes, isolates, rss_bytes, in_flight, queued, calls, errors, kills } = sandbox().metrics();
      return {
        uptime_s: Math.round(process.uptime()),
        rss_bytes: process.memoryUsage.rss(),
        sandbox: { processes, isolates, rss_bytes, in_flight, queued, calls, errors, kills },
        queues: await queues(),
      };
    },
  }),
];

async function queues() {
  const groups = await Job.aggregate<{ _id: { kind: string; state: string }; count: number; oldest: Date }>([
    { $match: { state: trusted({ $in: [...unfinished, 'dead'] }) } },
    { $group: { _id: { kind: '$kind', state: '$state' }, count: { $sum: 1 }, oldest: { $min: '$run_at' } } },
  ]);
  const kinds = [...new Set(groups.map(({ _id }) => _id.kind))].sort();
  return kinds.map((kind) => {
    const of = (state: string) => groups.find(({ _id }) => _id.kind === kind && _id.state === state);
    const counted = (state: string) => of(state)?.count ?? 0;
    return {
      kind,
      ready: counted('ready'),
      waiting: counted('waiting'),
      blocked: counted('blocked'),
      running: counted('running'),
      dead: counted('dead'),
      oldest_ready_at: of('ready')?.oldest.toISOString() ?? null,
    };
  });
}
