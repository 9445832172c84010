import { Failure } from '../../sdk/contract/failure.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { asText, valuesAt } from '../credentials/read-ref.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import type { Installation } from '../installations/model.ts';
import { invoke } from '../invocations/invoke.ts';
import { type Choice, choiceOf, choicesIn, settledChoice } from './choices.ts';
import { Integration, type IntegrationDoc } from './model.ts';
import { eventDataOf, note } from './note.ts';

/** A fresh credential that was stored, and where it came from. */
export interface Connecting {
  installation: Installation;
  integration: IntegrationDoc;
  /** the token answer, for `learn`; what the plugin's `connect` sees of it is only what `learn` names */
  token: unknown;
  /** the query of the vendor's redirect */
  callback: Record<string, string> | null;
  actor: { kind: 'user' | 'key'; id: string; label: string } | null;
}

/**
 * Finishes a connection: learns what the token answer and the callback tell (base addresses, shop, site), asks the
 * plugin's `connect` who we are, and says so in log and events. A plugin whose `connect` fails leaves the integration
 * in `error`, with the reason; the credential stays, so that `test` can be tried again. A plugin that offers choices
 * leaves it in `pending_setup` until a person has chosen; the only one, and one chosen before, is taken unasked.
 */
export async function connectAccount(connecting: Connecting): Promise<IntegrationDoc> {
  const { installation, integration, token, callback, actor } = connecting;
  const { manifest } = installation;
  const learned = { ...integration.learned, ...learn(manifest, { token, callback }) };
  let now: IntegrationDoc = { ...integration, learned };
  let account: string | null = integration.auth_summary.account;
  let metadata = integration.metadata;
  let failed: string | null = null;
  let choices: Choice[] | null = null;
  let choice: string | null = integration.choice ?? null;
  await Integration.updateOne({ _id: integration._id, workspace_id: integration.workspace_id }, { $set: { learned } });
  if (installation.handlers.includes('connect')) {
    try {
      const { output } = await invoke({
        workspace_id: integration.workspace_id,
        installation,
        handler: 'connect',
        args: [{ token: onlyLearned(manifest, 'token', token), callback: onlyLearned(manifest, 'callback', callback) }],
        project_id: integration.project_id,
        integration: now,
        cause: actor ? { kind: actor.kind, id: actor.id, label: actor.label } : { kind: 'system', id: integration._id },
      });
      choices = choicesIn(output);
      const settled = choices && settledChoice(choices, choice);
      if (settled) {
        choices = null;
        choice = settled.id;
      }
      if (choices?.length === 0) throw new Failure('conflict', { message: 'This account opens nothing at the vendor' });
      const answer = (settled ? { account: settled.title, metadata: settled.metadata } : (output ?? {})) as {
        account?: unknown;
        metadata?: Record<string, unknown>;
      };
      account = asText(answer.account) ?? account;
      metadata = { ...metadata, ...answer.metadata };
      Object.assign(learned, learn(manifest, { connect: answer.metadata ?? {} }));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed = error.message;
    }
  }
  now = await transaction(async () => {
    const updated = await Integration.findOneAndUpdate(
      { _id: integration._id, workspace_id: integration.workspace_id },
      {
        $set: {
          learned,
          metadata,
          choices,
          choice,
          'auth_summary.account': account,
          status: failed ? 'error' : choices ? 'pending_setup' : 'active',
          sync_error_message: failed ?? (choices ? chooseFirst(choices) : null),
        },
      },
      { returnDocument: 'after' },
    ).lean();
    if (!updated) throw new Failure('integration_not_found');
    if (failed) await note(updated, { action: 'error', level: 'error', message: failed, actor: actor?.label ?? null });
    else if (!choices) await sayConnected(updated, actor);
    await announce(updated.workspace_id);
    return updated;
  });
  return now;
}

/**
 * Takes the choice that a person made: what the plugin told of it becomes the account's, and the connection is finished.
 *
 * @throws Failure `validation_failed` at `/choice`
 */
export async function takeChoice(
  installation: Installation,
  integration: IntegrationDoc,
  id: string,
  actor: Connecting['actor'],
): Promise<IntegrationDoc> {
  const chosen = choiceOf(integration, id);
  const learned = { ...integration.learned, ...learn(installation.manifest, { connect: chosen.metadata }) };
  return transaction(async () => {
    const updated = await Integration.findOneAndUpdate(
      {
        _id: integration._id,
        workspace_id: integration.workspace_id,
        credential_version: integration.credential_version,
      },
      {
        $set: {
          learned,
          metadata: { ...integration.metadata, ...chosen.metadata },
          choices: null,
          choice: chosen.id,
          'auth_summary.account': chosen.title,
          status: 'active',
          sync_error_message: null,
        },
      },
      { returnDocument: 'after' },
    ).lean();
    if (!updated) throw new Failure('conflict', { message: 'The account was connected anew meanwhile: choose again' });
    await sayConnected(updated, actor);
    await announce(updated.workspace_id);
    return updated;
  });
}

const chooseFirst = (choices: readonly Choice[]): string =>
  `Choose one of ${choices.length}: ${choices
    .slice(0, 10)
    .map(({ id, title }) => `${title} (${id})`)
    .join(', ')}`.slice(0, 500);

async function sayConnected(integration: IntegrationDoc, actor: Connecting['actor']): Promise<void> {
  const { account } = integration.auth_summary;
  await note(integration, {
    action: 'connected',
    message: account ? `Connected as ${account}` : 'Connected',
    actor: actor?.label ?? null,
  });
  await emitEvent({
    workspace_id: integration.workspace_id,
    project_id: integration.project_id,
    type: 'integration.connected',
    data: { ...eventDataOf(integration), ...(account ? { account } : {}) },
    source: actor ? { kind: actor.kind, id: actor.id } : { kind: 'system', id: integration._id },
  });
}

/** What `learn` takes from an answer: each value must fit its pattern, or it is not learned at all. */
export function learn(
  manifest: Manifest,
  from: { token?: unknown; callback?: Record<string, string> | null; connect?: unknown },
): Record<string, string> {
  const learned: Record<string, string> = {};
  for (const [name, rule] of Object.entries(manifest.learn ?? {})) {
    const source = from[rule.from];
    if (source === undefined || source === null) continue;
    const value = readAt(source, rule.at ?? name);
    // The whole value, whatever the author forgot to anchor: addresses of credentials are made of it.
    if (value === undefined || !new RegExp(`^(?:${rule.pattern})$`).test(value)) continue;
    learned[name] = value;
  }
  for (const [name, { same_as }] of Object.entries(manifest.learn ?? {}))
    if (
      same_as !== undefined &&
      learned[name] !== undefined &&
      learned[same_as] !== undefined &&
      learned[same_as] !== learned[name]
    )
      delete learned[name];
  return learned;
}

const readAt = (source: unknown, at: string): string | undefined =>
  asText(valuesAt(source, at.startsWith('/') ? at : `/${at.replaceAll('~', '~0').replaceAll('/', '~1')}`)[0]);

/** The token answer or callback as the plugin may see it: only the paths that `learn` names. */
function onlyLearned(manifest: Manifest, from: 'token' | 'callback', source: unknown): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const [name, rule] of Object.entries(manifest.learn ?? {})) {
    if (rule.from !== from || source === null || source === undefined) continue;
    const value = readAt(source, rule.at ?? name);
    if (value !== undefined) seen[name] = value;
  }
  return seen;
}
