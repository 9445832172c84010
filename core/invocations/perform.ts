import { createHmac } from 'node:crypto';
import type { EmitRequest, HmacRequest, Perform } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { brokerFetch } from '../credentials/broker-fetch.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { PerformError } from './perform-error.ts';
import { readRecords } from './read-records.ts';
import { scheduleCall } from './schedule-call.ts';
import type { CallScope } from './scope.ts';
import { useStore } from './store.ts';

/** What the host does for a plugin, once the sandbox's parent has judged the request against the grants. */
export const perform: Perform<CallScope> = {
  fetch: (scope, request, grants, info) => brokerFetch(scope, request, grants, info),
  store: (scope, request) => useStore(scope, request),
  emit: (scope, request) => emit(scope, request),
  log: (scope, line) => scope.logged(line),
  hmac: async (scope, request) => hmac(scope, request),
  records: (scope, query) => readRecords(scope, query),
  schedule: (scope, request) => scheduleCall(scope, request),
};

/**
 * Emits an event that the manifest declares. Facts of the host itself (`plugin.installed` …) are the host's to tell,
 * and another plugin's are its own.
 */
async function emit(scope: CallScope, request: EmitRequest): Promise<{ event_id: string }> {
  const declared = scope.installation.manifest.events ?? {};
  const granted = scope.installation.grants.flatMap((grant) =>
    grant.name === 'events:emit' ? (grant.types ?? []) : [],
  );
  if (!Object.hasOwn(declared, request.type) && !granted.includes(request.type)) {
    throw new PerformError('denied', `The manifest declares no event ${quote(request.type)}`);
  }
  try {
    const { _id } = await transaction(() =>
      emitEvent({
        workspace_id: scope.workspace_id,
        project_id: scope.project_id,
        type: request.type,
        data: request.data,
        id: request.id ?? null,
        occurred_at: request.occurred_at === undefined ? null : new Date(request.occurred_at),
        source: { kind: 'plugin', id: scope.installation._id },
        integration_id: scope.integration?._id ?? null,
        caused_by: scope.caused_by,
      }),
    );
    return { event_id: _id };
  } catch (error) {
    // What is wrong with the data is the author's to mend; anything else is the host's.
    if (!(error instanceof Failure) || error.name !== 'validation_failed') throw error;
    throw new PerformError('invalid', `${error.message}${pointersIn(error.content)}`);
  }
}

function pointersIn(content: object): string {
  const { errors } = content as { errors?: { pointer: string; message: string }[] };
  return (errors ?? [])
    .slice(0, 5)
    .map(({ pointer, message }) => `; ${pointer || '/'} ${message}`)
    .join('');
}

function hmac(scope: CallScope, { algorithm, secret, data, data_encoding, as }: HmacRequest): string {
  if (!['sha1', 'sha256', 'sha512'].includes(algorithm)) {
    throw new PerformError('bad_request', `hmac takes sha1, sha256 or sha512, not ${quote(algorithm)}`);
  }
  const key = scope.configuration_secret(secret);
  if (key === null) throw new PerformError('not_found', `The setting ${quote(secret)} is not set`);
  return createHmac(algorithm, key).update(Buffer.from(data, data_encoding)).digest(as);
}
