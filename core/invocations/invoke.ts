import type { CallError, CallRequest, LogLine, Usage } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { ProblemName } from '../../sdk/contract/problems.ts';
import { cached } from '../access/cache.ts';
import { Project } from '../access/model.ts';
import { resolveGrants } from '../credentials/resolve-grants.ts';
import { newId } from '../database/id.ts';
import type { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type ChosenRelease, chooseRelease } from './choose-release.ts';
import { readAnswer } from './go-on.ts';
import type { Part } from './later-action.ts';
import { publishLine } from './live-logs.ts';
import { loadImage } from './load-image.ts';
import type { Cause } from './model.ts';
import { mustBeConfigured } from './must-be-configured.ts';
import { credentialNote } from './note-credential-use.ts';
import { recordInvocation, secretArguments } from './record-invocation.ts';
import { Recorder } from './recorder.ts';
import { sandbox } from './sandbox.ts';
import type { CallScope } from './scope.ts';
import { readSettings } from './settings.ts';

/** A call into a plugin. */
export interface InvokeRequest {
  workspace_id: string;
  installation: Installation;
  /** `actions.create_issue`, `triggers.push.receive`, `on.task.created`, `connect`, `test` … */
  handler: string;
  /** what follows `ctx` in the handler's parameters */
  args: unknown[];
  project_id?: string | null;
  integration?: IntegrationDoc | null;
  cause: Cause;
  /** `call`: short, somebody waits; `job`: long. `call` unless given */
  use?: 'call' | 'job';
  signal?: AbortSignal;
  /** may run a second time when its process ended under it */
  idempotent?: boolean;
  /** wall clock, when the manifest asks for less or more than usual; the host takes the lowest of all */
  timeout_ms?: number;
  /** `install`, `upgrade` and `uninstall` run also while the plugin is off */
  even_when_off?: boolean;
  /** where the vendor's answer holds the secret that it made up for a hook: it is kept, and cut before the plugin sees it */
  hook_secret?: { hook_id: string; at: string };
  /** serve it with this release instead of the installed one: the trial run of an upgrade */
  release?: ChosenRelease;
  /** of the sentences about missing settings; English unless given */
  language?: Language;
  /** an id that somebody was told already, who comes back for the output */
  invocation_id?: string;
  /** where it is not the first call of a long action */
  part?: Part;
}

export interface InvokeAnswer {
  output: unknown;
  invocation_id: string;
  duration_ms: number;
  usage: Usage;
  /** an action that is called again later: its output will be found under the invocation */
  goes_on?: true;
}

/** A call made ready: what the sandbox needs, and what is written down about it afterwards. */
export interface PreparedCall {
  request: CallRequest<CallScope>;
  release: ChosenRelease;
  invoke: InvokeRequest;
  invocation_id: string;
  started_at: Date;
  logs: LogLine[];
  recorder: Recorder | null;
}

/**
 * Calls a handler of an installed plugin in the sandbox, and writes down the invocation whatever comes of it. When an
 * action asks to be called again, that call is enqueued in the same transaction.
 *
 * @throws Failure `conflict` when the plugin is off here; `configuration_invalid` when an action lacks a required setting;
 *   `plugin_failed` or `plugin_timeout` with
 *   `content.error = {type, message, plugin, version, invocation_id}`; `rate_limited` when too many wait;
 *   `service_unavailable` when the pool cannot take it
 */
export async function invoke(request: InvokeRequest): Promise<InvokeAnswer> {
  const call = await prepareCall(request);
  const { result, output, next } = readAnswer(call, await sandbox().call(call.request));
  const duration_ms = Date.now() - call.started_at.getTime();
  await recordInvocation(call, result, duration_ms, output, next);
  if (!result.ok) throw failureOf(call, result.error);
  const { invocation_id } = call;
  if (next) return { output: null, invocation_id, duration_ms, usage: result.usage, goes_on: true };
  return { output, invocation_id, duration_ms, usage: result.usage };
}

/** Everything before the sandbox: is it on, which release, which settings, which grants. */
export async function prepareCall(invoke: InvokeRequest): Promise<PreparedCall> {
  const { workspace_id, installation, integration = null, project_id = integration?.project_id ?? null } = invoke;
  if (!invoke.even_when_off) mustBeOn(installation);
  const release = invoke.release ?? chooseRelease(installation, project_id);
  const settings = await readSettings(workspace_id, { ...release, _id: installation._id }, project_id);
  if (!settings.is_active && !invoke.even_when_off) {
    throw new Failure('conflict', { message: `${installation.name} is switched off for this project` });
  }
  if (invoke.handler.startsWith('actions.')) {
    mustBeConfigured({ name: installation.name, manifest: release.manifest }, settings, integration, invoke.language);
  }
  const invocation_id = invoke.invocation_id ?? newId('inv');
  const logs: LogLine[] = [];
  const recorder = installation.is_recording && !secretArguments.has(invoke.handler) ? new Recorder() : null;
  const served: Installation = { ...installation, grants: release.grants, manifest: release.manifest };
  const scope: CallScope = {
    workspace_id,
    installation: served,
    integration,
    project_id,
    invocation_id,
    hook_secret: invoke.hook_secret,
    caused_by: invoke.cause.kind === 'event' ? invoke.cause.id : null,
    configuration: { ...settings.values, ...integration?.configuration },
    configuration_secret: (name) => settings.secret(name),
    credential_used: credentialNote({ ...invoke, integration, invocation_id }),
    recorder,
    logged(line) {
      logs.push(line);
      publishLine({
        ...{ workspace_id, project_id, invocation_id, line },
        installation_id: installation._id,
        handler: invoke.handler,
      });
    },
  };
  const context = await contextOf(scope);
  const image = await loadImage(sandbox(), installation, release);
  const request: CallRequest<CallScope> = {
    id: image,
    handler: invoke.handler,
    args: JSON.stringify(invoke.args),
    context: JSON.stringify({ ...context, ...(recorder && { journal: { seed: recorder.seed } }) }),
    grants: await resolveGrants(scope),
    scope,
    use: invoke.use ?? 'call',
    ...(invoke.timeout_ms !== undefined && { limits: { wall_ms: invoke.timeout_ms } }),
    ...(invoke.signal && { signal: invoke.signal }),
    ...(invoke.idempotent && { idempotent: true }),
  };
  return { request, release, invoke, invocation_id, started_at: new Date(), logs, recorder };
}

/** @throws Failure `conflict` saying why it is off and what turns it on */
function mustBeOn(installation: Installation): void {
  const { name, status, status_reason } = installation;
  if (status !== 'ok' && status !== 'disabled') {
    const way = status === 'suspect' ? `; POST /plugins/${installation._id}/resume lets it run again` : '';
    throw new Failure('conflict', { message: `${name} is ${status}: ${status_reason ?? 'no reason given'}${way}` });
  }
  if (!installation.is_enabled) throw new Failure('conflict', { message: `${name} is disabled; enable it first` });
}

/** What the plugin finds in `ctx`, as plain data. */
async function contextOf(scope: CallScope): Promise<object> {
  const { integration, project_id, workspace_id } = scope;
  const project =
    project_id === null
      ? null
      : await cached(workspace_id, 'project', project_id, () =>
          Project.findOne({ _id: project_id, workspace_id }).lean(),
        );
  return {
    config: scope.configuration,
    integration: integration && {
      id: integration._id,
      name: integration.name,
      account: integration.auth_summary.account,
      metadata: { ...integration.metadata, ...integration.learned },
      scopes: integration.auth_summary.scopes,
    },
    project: project && { id: project._id, name: project.name, time_zone: project.time_zone },
    invocation: { id: scope.invocation_id },
    permissions: scope.installation.grants,
  };
}

/** Where a failed call is explained: most of what goes wrong is the account's, the vendor's or a grant's. */
function helpOf({ type, name, message }: CallError): ProblemName {
  if (type === 'denied') return 'address-refused';
  if (name === 'RateLimited') return 'vendor-limit';
  if (name === 'Reconnect' || /\breconnect\b/i.test(message)) return 'reconnect';
  return name === 'VendorError' ? 'vendor-error' : 'plugin-error';
}

/** What the caller is told of a failed call. */
export function failureOf(call: PreparedCall, error: CallError): Failure {
  const { installation } = call.invoke;
  const content = {
    error: {
      type: error.type,
      message: error.message,
      plugin: installation.name,
      version: call.release.version,
      invocation_id: call.invocation_id,
    },
  };
  const retry = error.retry_after_s === undefined ? {} : { retry_after_s: error.retry_after_s };
  const message = `${installation.name} ${call.invoke.handler}: ${error.message}`;
  const help = helpOf(error);
  switch (error.type) {
    case 'timeout':
    case 'starved':
      return new Failure('plugin_timeout', { message, content, ...retry, cause: error, help: 'plugin-slow' });
    case 'busy':
      return new Failure('rate_limited', { message, content, retry_after_s: error.retry_after_s ?? 1, cause: error });
    case 'unavailable':
      return new Failure('service_unavailable', {
        message,
        content,
        retry_after_s: error.retry_after_s ?? 2,
        cause: error,
      });
    default:
      return new Failure('plugin_failed', { message, content, ...retry, cause: error, help });
  }
}
