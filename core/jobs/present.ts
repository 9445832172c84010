import type { FromSchema } from 'json-schema-to-ts';
import { nullableTime, time } from '../http/schemas.ts';
import type { JobRow } from './model.ts';

export const jobStates = ['ready', 'waiting', 'blocked', 'running', 'done', 'dead'] as const;

export const jobSchema = {
  title: 'Job',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'kind', 'state', 'attempts', 'losses', 'run_at', 'next_at', 'created_at', 'finished_at', 'error'],
  properties: {
    id: { type: 'string' },
    kind: { type: 'string' },
    state: { enum: jobStates },
    attempts: { type: 'integer', description: 'runs that failed' },
    losses: { type: 'integer', description: 'runs whose worker died or stalled' },
    run_at: { ...time, description: 'when it was meant to run first; ISO 8601, UTC' },
    next_at: { ...nullableTime, description: 'waiting: not before; running: leased until; ISO 8601, UTC' },
    created_at: time,
    finished_at: nullableTime,
    error: {
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'message', 'at'],
          properties: { type: { type: 'string' }, message: { type: 'string' }, at: time },
        },
        { type: 'null' },
      ],
    },
  },
} as const;

/** A job as the API shows it: not its data, which is its kind's own business. */
export function presentJob(job: JobRow): FromSchema<typeof jobSchema> {
  const unfinished = job.finished_at === null;
  return {
    id: job._id,
    kind: job.kind,
    state: job.state,
    attempts: job.attempts,
    losses: job.losses,
    run_at: job.run_at.toISOString(),
    next_at: unfinished ? (job.until?.toISOString() ?? null) : null,
    created_at: job.created_at.toISOString(),
    finished_at: job.finished_at?.toISOString() ?? null,
    error: job.error && { type: job.error.type, message: job.error.message, at: job.error.at.toISOString() },
  };
}
