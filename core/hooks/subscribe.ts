import { Failure } from '../../sdk/contract/failure.ts';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { hookPlaceholder } from '../credentials/hook-placeholder.ts';
import { newId } from '../database/id.ts';
import { Installation } from '../installations/model.ts';
import { Integration, type IntegrationDoc, IntegrationLog } from '../integrations/model.ts';
import { invoke } from '../invocations/invoke.ts';
import { defineJob } from '../jobs/define-job.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { standingSchedule } from '../jobs/standing.ts';
import { log } from '../log.ts';
import { Record as SyncedRecord } from '../syncs/model.ts';
import { chosen } from './choose-variant.ts';
import { ensureHook, hookUrl, openHook } from './hook-address.ts';
import { Hook, type HookDoc, HookRequest } from './model.ts';

const day_ms = 86_400_000;
const hour_ms = 3_600_000;

/** Makes the vendor's webhooks for a connected integration, as jobs: a vendor that is down delays, it does not fail. */
export async function subscribeAll(installation: Installation, integration: IntegrationDoc): Promise<void> {
  // Which account it is has not been chosen yet.
  if (integration.choices) return;
  for (const [name, trigger] of Object.entries(installation.manifest.triggers ?? {})) {
    if (trigger.address !== 'integration') continue;
    const parents = await parentsOf(integration, trigger);
    for (const parent of parents) {
      const hook = await ensureHook(integration, name, parent);
      if (trigger.subscription?.by !== 'handler' || hook.subscription_text !== null) continue;
      await subscribeSoon(hook, integration.credential_version);
    }
  }
}

/** @param round tells one time of making the webhook from another; the same one is enqueued once */
async function subscribeSoon(hook: HookDoc, round: number | string): Promise<void> {
  await enqueue({
    id: `hook.subscribe:${hook._id}:${round}`,
    kind: 'hook.subscribe',
    workspace_id: hook.workspace_id,
    group: `hook:${hook.integration_id}`,
    data: { hook_id: hook._id },
  });
}

/** One hook a trigger, or one for each record of the stream that it belongs to. */
async function parentsOf(integration: IntegrationDoc, trigger: Trigger): Promise<(string | null)[]> {
  const per = trigger.subscription?.per;
  if (per === undefined) return [null];
  const records = await SyncedRecord.find(
    { workspace_id: integration.workspace_id, integration_id: integration._id, stream: per, deleted_at: null },
    { key: 1 },
  )
    .limit(500)
    .lean();
  return records.map(({ key }) => key);
}

/** Says how webhooks are made, renewed and looked after at the vendors. */
export function defineSubscriptionJobs(): void {
  standingSchedule({ id: 'hooks.due', workspace_id: 'site', kind: 'hook.due', every_s: 60, jitter_s: 10, data: null });
  defineJob<null>('hook.due', { concurrency: 1, handle: () => runSubscriptions() });
  const options = { concurrency: 5, group_concurrency: 1, max_attempts: 8, timeout_ms: 120_000 };
  defineJob<{ hook_id: string }>('hook.subscribe', {
    ...options,
    died: (job, error) => lookAgain(job.data.hook_id, 'could not be made', error.message),
    handle: async (job) => {
      const found = await load(job.data.hook_id);
      if (!found || found.hook.subscription_text !== null) return;
      const { installation, hook, integration, trigger } = found;
      const { key } = openHook(hook, Date.now());
      const { output } = await invoke({
        ...call(found, 'subscribe'),
        installation,
        ...secretOf(found),
        args: [{ url: hookUrl(hook, key), secret: hookPlaceholder(hook), ...(await parentOf(hook, integration)) }],
      });
      await remember(hook, trigger, output);
      await note(integration, 'info', `The webhook ${hook.trigger} was made at the vendor`);
    },
  });
  defineJob<{ integration_id: string }>('hook.follow', {
    ...options,
    handle: async (job) => {
      const integration = await Integration.findOne({
        _id: job.data.integration_id,
        workspace_id: job.workspace_id,
      }).lean();
      const installation = integration && (await Installation.findOne({ _id: integration.installation_id }).lean());
      if (integration && installation) await subscribeAll(installation, integration);
    },
  });
  defineJob<{ hook_id: string }>('hook.renew', {
    ...options,
    died: (job, error) => lookAgain(job.data.hook_id, 'could not be renewed', error.message),
    handle: async (job) => {
      const found = await load(job.data.hook_id);
      if (!found) return;
      // Not made until now, ended meanwhile, or of a vendor that knows no renewal: made anew.
      const ended = found.hook.expires_at !== null && found.hook.expires_at.getTime() <= Date.now();
      const renews = found.installation.handlers.includes(`triggers.${found.hook.trigger}.renew`);
      if (found.hook.subscription_text === null || ended || !renews) return makeAnew(found, job._id);
      const subscription = JSON.parse(found.hook.subscription_text) as unknown;
      const { output } = await invoke({
        ...call(found, 'renew'),
        installation: found.installation,
        ...secretOf(found),
        args: [subscription],
      });
      await remember(found.hook, found.trigger, output);
    },
  });
  defineJob<{ hook_id: string }>('hook.check', {
    ...options,
    handle: async (job) => {
      const found = await load(job.data.hook_id);
      if (found?.hook.subscription_text == null) return;
      const subscription = JSON.parse(found.hook.subscription_text) as unknown;
      const { output } = await invoke({
        ...call(found, 'check'),
        installation: found.installation,
        args: [subscription],
      });
      if (output !== false) return;
      // Gone at the vendor: made again; what it would have told meanwhile comes with the next sync.
      await Integration.updateOne({ _id: found.integration._id }, { $set: { next_sync_at: new Date() } });
      await makeAnew(found, job._id);
    },
  });
}

/** Makes a webhook at the vendor once more, in a job of its own. */
async function makeAnew({ hook }: Found, round: string): Promise<void> {
  await Hook.updateOne({ _id: hook._id }, { $set: { subscription_text: null, renew_at: null } });
  await subscribeSoon(hook, round);
}

/** What became of it is told to the owner; the next look is in an hour, for as long as the integration is there. */
async function lookAgain(hook_id: string, what: string, why: string): Promise<void> {
  const found = await load(hook_id);
  if (!found) return;
  await Hook.updateOne({ _id: hook_id }, { $set: { renew_at: new Date(Date.now() + hour_ms) } });
  const message = `The webhook ${found.hook.trigger} ${what} at the vendor: ${why}`.slice(0, 2000);
  await note(found.integration, 'error', message);
}

/** Makes the renewals and checks that are due; any node may do it at any time. */
export async function runSubscriptions(now = new Date()): Promise<void> {
  for (const [field, kind] of [
    ['renew_at', 'hook.renew'],
    ['check_at', 'hook.check'],
  ] as const) {
    const due = await Hook.collection
      .find({ [field]: { $lte: now } })
      .limit(500)
      .toArray();
    for (const row of due as unknown as HookDoc[]) {
      await enqueue({
        id: `${kind}:${row._id}:${row[field]?.getTime()}`,
        kind,
        workspace_id: row.workspace_id,
        group: `hook:${row.integration_id}`,
        data: { hook_id: row._id },
      });
      const every = field === 'check_at' ? new Date(now.getTime() + day_ms) : null;
      await Hook.updateOne({ _id: row._id }, { $set: { [field]: every } });
    }
  }
}

/** Removes an integration's webhooks at the vendor, and here. What the vendor refuses is logged and does not stop it. */
export async function unsubscribeAll(installation: Installation, integration: IntegrationDoc): Promise<void> {
  const hooks = await Hook.find({ integration_id: integration._id }).lean();
  for (const hook of hooks) {
    if (hook.subscription_text === null || !installation.handlers.includes(`triggers.${hook.trigger}.unsubscribe`))
      continue;
    try {
      const trigger = installation.manifest.triggers?.[hook.trigger] as Trigger;
      const found = { hook, integration, installation, trigger };
      await invoke({ ...call(found, 'unsubscribe'), installation, args: [JSON.parse(hook.subscription_text)] });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn(
        { err: error, integration: integration._id, trigger: hook.trigger },
        'a webhook could not be removed at the vendor',
      );
    }
  }
  await Hook.deleteMany({ integration_id: integration._id });
  await HookRequest.deleteMany({ integration_id: integration._id });
}

interface Found {
  hook: HookDoc;
  integration: IntegrationDoc;
  installation: Installation;
  trigger: Trigger;
}

async function load(hook_id: string): Promise<Found | null> {
  const hook = await Hook.findOne({ _id: hook_id }).lean();
  const integration = hook && (await Integration.findOne({ _id: hook.integration_id }).lean());
  const installation = integration && (await Installation.findOne({ _id: integration.installation_id }).lean());
  const trigger = installation?.manifest.triggers?.[hook?.trigger ?? ''];
  return hook && integration && installation && trigger ? { hook, integration, installation, trigger } : null;
}

function call({ hook, integration }: Found, verb: string) {
  return {
    workspace_id: integration.workspace_id,
    handler: `triggers.${hook.trigger}.${verb}`,
    project_id: integration.project_id,
    integration,
    cause: { kind: 'system' as const, id: hook._id, label: verb },
    use: 'job' as const,
  };
}

/** Where the vendor's answer holds the secret that it made up, if the manifest says so: it is kept here, not shown there. */
function secretOf({ hook, trigger }: Found) {
  const at = trigger.subscription?.secret_at;
  return at === undefined ? {} : { hook_secret: { hook_id: hook._id, at } };
}

async function parentOf(hook: HookDoc, integration: IntegrationDoc): Promise<{ parent?: string }> {
  if (hook.parent === null) return {};
  const record = await SyncedRecord.findOne(
    { workspace_id: integration.workspace_id, integration_id: integration._id, key: hook.parent },
    { external_id: 1, raw_text: 1 },
  ).lean();
  const raw = record ? (JSON.parse(record.raw_text) as { full_name?: unknown }) : {};
  return { parent: typeof raw.full_name === 'string' ? raw.full_name : (record?.external_id ?? hook.parent) };
}

async function remember(hook: HookDoc, trigger: Trigger, output: unknown): Promise<void> {
  const answer = (output ?? {}) as { expires_at?: string; choice?: string };
  const { life_s, renew_before_s, check_every_s } = trigger.subscription ?? {};
  const told = answer.expires_at === undefined ? Number.NaN : Date.parse(answer.expires_at);
  const ends = Number.isFinite(told) ? told : life_s === undefined ? null : Date.now() + life_s * 1000;
  // Spread over the last tenth, so that a thousand hooks made together do not renew together.
  const early = (renew_before_s ?? 86_400) * 1000 * (1 + Math.random() / 10);
  await Hook.updateOne(
    { _id: hook._id },
    {
      $set: {
        subscription_text: JSON.stringify(answer),
        ...(answer.choice === undefined ? {} : { choice: chosen(trigger, answer.choice) }),
        expires_at: ends === null ? null : new Date(ends),
        renew_at: ends === null ? null : new Date(Math.max(Date.now() + 60_000, ends - early)),
        check_at: check_every_s === undefined ? null : new Date(Date.now() + check_every_s * 1000),
      },
    },
  );
}

async function note(integration: IntegrationDoc, level: 'info' | 'error', message: string): Promise<void> {
  await IntegrationLog.create({
    _id: newId('ilg'),
    workspace_id: integration.workspace_id,
    integration_id: integration._id,
    action: 'webhook',
    level,
    message,
  });
}
