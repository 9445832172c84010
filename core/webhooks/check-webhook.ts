import type { SchemaError } from '../../sdk/contract/accepts.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { strangerSchema } from '../../sdk/contract/stranger-schema.ts';
import { config } from '../config.ts';
import { EgressError } from '../egress/egress-error.ts';
import { judgeUrl } from '../egress/judge-url.ts';
import { findEventType } from '../events/find-event-type.ts';
import { Integration } from '../integrations/model.ts';
import { checkHeaders } from './custom-headers.ts';
import type { RetryConfig } from './model.ts';
import { default_retries } from './retry-waits.ts';

export interface Asked {
  url?: string;
  events?: string[];
  filter?: object | null;
  headers?: Record<string, string>;
  integration_id?: string | null;
}

/**
 * What the schema of a webhook cannot say: the address may be called, the event types are known, the filter is a
 * schema that the host takes from strangers, the headers are not ours, the integration is one of this project.
 *
 * @returns the event types under today's names, each once
 * @throws Failure validation_failed with every pointer
 */
export async function checkWebhook(
  { workspace_id, project_id }: { workspace_id: string; project_id: string },
  asked: Asked,
): Promise<string[]> {
  if (asked.url !== undefined) checkUrl(asked.url);
  if (asked.headers) checkHeaders(asked.headers);
  if (asked.filter) checkFilter(asked.filter);
  if (asked.integration_id) await checkIntegration(workspace_id, project_id, asked.integration_id);
  const types = [];
  for (const [index, type] of (asked.events ?? []).entries()) {
    types.push((await findEventType(workspace_id, type, `/events/${index}`)).type);
  }
  return [...new Set(types)];
}

function checkUrl(url: string): void {
  try {
    judgeUrl(url, config().egress_allow);
  } catch (error) {
    if (error instanceof EgressError)
      throw refused([{ pointer: '/url', message: error.message, keyword: 'format', params: {} }]);
    throw error;
  }
}

/** One of another project would never be heard: that is a mistake, not a wish. */
async function checkIntegration(workspace_id: string, project_id: string, id: string): Promise<void> {
  if (await Integration.exists({ _id: id, workspace_id, project_id })) return;
  const message = `there is no integration ${quote(id)} in this project; leave it out to hear of all`;
  throw refused([{ pointer: '/integration_id', message, keyword: 'exists', params: {} }]);
}

function checkFilter(filter: object): void {
  const problems = strangerSchema(filter, '/filter');
  if (problems.length === 0) return;
  throw refused(problems.map(({ pointer, message, rule }) => ({ pointer, message, keyword: rule, params: {} })));
}

/**
 * A whole retry configuration out of the fields that were given.
 *
 * @throws Failure validation_failed when `schedule` comes with one of the others
 */
export function wholeRetryConfig(
  given: { schedule?: 'standard'; max_retries?: number; retry_delay?: number; backoff_multiplier?: number } | undefined,
): RetryConfig {
  if (given?.schedule === undefined) return { ...default_retries, ...given };
  const [other] = Object.keys(given).filter((name) => name !== 'schedule');
  if (other === undefined) return { schedule: given.schedule };
  const message = 'stands for itself: leave it out where schedule is given';
  throw refused([{ pointer: `/retry_config/${other}`, message, keyword: 'not', params: {} }]);
}

function refused(errors: SchemaError[]): Failure {
  return new Failure('validation_failed', { content: { errors } });
}
