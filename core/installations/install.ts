import { refused } from '../../marketplace/releases/intake.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { audit } from '../audit/audit.ts';
import { takeKeptConfiguration } from '../configurations/keep.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import type { Caller } from '../http/caller.ts';
import { invoke } from '../invocations/invoke.ts';
import { marketplace } from '../registry/marketplace.ts';
import { findCandidate, type Wish } from './candidate.ts';
import { declareEvents, dropDeclared } from './declare-events.ts';
import { type Given, judgeGrants, presentPermission } from './grants.ts';
import { Installation } from './model.ts';
import type { Candidate } from './sideload.ts';

export interface InstallRequest extends Wish {
  permissions?: Given[];
  is_enabled?: boolean;
}

/**
 * Installs a plugin in the caller's workspace with the grants that the admin gives, then runs its `install`.
 *
 * @throws Failure `install_refused` with `content.permissions_missing` when something required is not granted, or with
 *   another `content.reason`; `install_conflict` when the workspace has it
 */
export async function installPlugin(caller: Caller, request: InstallRequest): Promise<Installation> {
  const candidate = await findCandidate(caller.workspace_id, request);
  const { manifest } = candidate;
  const existing = await Installation.findOne({ workspace_id: caller.workspace_id, name: manifest.name }).lean();
  if (existing) throw alreadyThere(existing);
  const { grants, missing } = judgeGrants(manifest.permissions ?? [], request.permissions ?? []);
  if (missing.length > 0) {
    throw refused(
      'permissions_missing',
      `${manifest.name}@${manifest.version} needs ${missing.map(({ name }) => name).join(', ')}; grant it in permissions`,
      { permissions_missing: missing.map(presentPermission) },
    );
  }
  const installation = newInstallation(caller, candidate, grants, request.is_enabled ?? true);
  await store(caller, installation);
  if (candidate.handlers.includes('install')) await runInstall(caller, installation);
  return installation;
}

function newInstallation(
  caller: Caller,
  candidate: Candidate,
  grants: Installation['grants'],
  is_enabled: boolean,
): Installation {
  const { manifest } = candidate;
  const now = new Date();
  return {
    _id: newId('plg'),
    workspace_id: caller.workspace_id,
    name: manifest.name,
    publisher: manifest.name.split('/')[0] ?? '',
    version: manifest.version,
    integrity: candidate.integrity,
    digest: candidate.digest,
    manifest_text: candidate.manifest_text,
    manifest,
    grants,
    handlers: candidate.handlers,
    source: candidate.source,
    is_enabled,
    is_verified: candidate.is_verified,
    verification_date: candidate.verification_date,
    installed_by: caller.user_id,
    installed_at: now,
    updated_at: now,
    previous: null,
    canary: null,
    status: is_enabled ? 'ok' : 'disabled',
    status_reason: null,
    pinned: false,
    auto_upgrade: 'manual',
    jitless: false,
    is_recording: true,
    integration_type: manifest.integration?.type ?? null,
    provider: manifest.integration?.type ?? null,
  };
}

async function store(caller: Caller, installation: Installation): Promise<void> {
  const { _id, workspace_id, name, version, grants } = installation;
  await transaction(async () => {
    const existing = await Installation.findOne({ workspace_id, name }).lean();
    if (existing) throw alreadyThere(existing);
    const { manifest: _, ...stored } = installation;
    await Installation.create([stored]);
    await declareEvents(installation);
    await takeKeptConfiguration(installation);
    if (installation.source === 'marketplace') {
      await marketplace().countDownload(name, version, workspace_id);
    }
    await emitEvent({
      workspace_id,
      type: 'plugin.installed',
      data: { plugin_id: _id, name, version, permissions: [...new Set(grants.map((grant) => grant.name))] },
      source: { kind: caller.kind, id: caller.id },
    });
    await audit({
      workspace_id,
      caller,
      action: 'plugin.installed',
      target: { kind: 'plugin', id: _id, name },
      after: { version, permissions: grants, is_enabled: installation.is_enabled },
    });
    await announce(workspace_id);
  });
}

/** The plugin's own `install`; a plugin that cannot install itself is not left behind. */
async function runInstall(caller: Caller, installation: Installation): Promise<void> {
  try {
    await invoke({
      workspace_id: caller.workspace_id,
      installation,
      handler: 'install',
      args: [],
      cause: { kind: caller.kind, id: caller.id, label: caller.label },
      use: 'job',
      even_when_off: true,
    });
  } catch (error) {
    await transaction(async () => {
      await Installation.deleteOne({ _id: installation._id });
      await dropDeclared(installation._id);
      await audit({
        workspace_id: caller.workspace_id,
        caller,
        action: 'plugin.install_failed',
        target: { kind: 'plugin', id: installation._id, name: installation.name },
        after: { reason: (error as Error).message },
      });
      await announce(caller.workspace_id);
    });
    if (!(error instanceof Failure)) throw error;
    throw new Failure('install_refused', {
      message: `${installation.name} could not install itself: ${error.message}`,
      content: { reason: 'install_handler', ...error.content },
      cause: error,
    });
  }
}

function alreadyThere(existing: Installation): Failure {
  return new Failure('install_conflict', {
    message: `${existing.name} is installed as ${existing._id} (${existing.version}); POST /plugins/${existing._id}/upgrade changes its version`,
  });
}
