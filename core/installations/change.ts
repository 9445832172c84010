import { refused } from '../../marketplace/releases/intake.ts';
import type { Permission } from '../../sdk/contract/manifest/permissions.ts';
import { audit, difference } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import type { Caller } from '../http/caller.ts';
import { imageId, unloadImages } from '../invocations/load-image.ts';
import { sandbox } from '../invocations/sandbox.ts';
import { endCanary } from './canary.ts';
import { findInstallation } from './find-installation.ts';
import { type Given, isCovered, judgeGrants, presentPermission } from './grants.ts';
import { type AutoUpgrade, Installation } from './model.ts';

export interface InstallationChange {
  is_enabled?: boolean;
  pinned?: boolean;
  auto_upgrade?: AutoUpgrade;
  jitless?: boolean;
  is_recording?: boolean;
  /** the grants from now on: fewer or narrower ones revoke, which calls in flight feel too */
  permissions?: Given[];
}

/**
 * Switches, pins, narrows an installed plugin.
 *
 * @throws Failure `install_refused` with `content.permissions_missing` when a required permission would be lost while
 *   the plugin stays enabled: disable it, or keep the permission
 */
export async function changeInstallation(
  caller: Caller,
  id: string,
  change: InstallationChange,
): Promise<Installation> {
  const before = await findInstallation(caller.workspace_id, id);
  const { permissions, ...plain } = change;
  const { kind, label } = caller;
  const set: Partial<Installation> = { ...plain };
  if (permissions || change.is_enabled) {
    const judged = judgeGrants(
      before.manifest.permissions ?? [],
      permissions ?? before.grants.map((grant) => ({ ...grant })),
    );
    const stays = change.is_enabled ?? before.is_enabled;
    if (judged.missing.length > 0 && stays) {
      throw refused(
        'permissions_missing',
        `${before.name} needs ${judged.missing.map(({ name }) => name).join(', ')}; grant it, or disable the plugin with is_enabled: false`,
        { permissions_missing: judged.missing.map(presentPermission) },
      );
    }
    if (permissions) set.grants = judged.grants;
  }
  if (change.is_enabled !== undefined && (before.status === 'ok' || before.status === 'disabled')) {
    set.status = change.is_enabled ? 'ok' : 'disabled';
  }
  const after: Installation = { ...before, ...set };
  await store(caller, before, set);
  if (permissions) {
    sandbox().regrant(imageId(before._id, before), after.grants);
    if (before.canary && isNarrower(before.grants, after.grants)) {
      // It was granted what it has before this, and would keep it.
      await endCanary(
        { kind, id: caller.id, label },
        after,
        'permissions were taken back from the plugin while it was on trial',
      );
      after.canary = null;
    }
  }
  if (!after.is_enabled || before.jitless !== after.jitless) unloadImages(sandbox(), before._id);
  return after;
}

function isNarrower(before: Installation['grants'], after: Installation['grants']): boolean {
  return before.some((grant) => !isCovered(grant as Permission, after));
}

async function store(caller: Caller, before: Installation, set: Partial<Installation>): Promise<void> {
  const { _id, workspace_id, name, version } = before;
  await transaction(async () => {
    await Installation.updateOne({ _id, workspace_id }, { $set: set });
    const disabled = before.is_enabled && set.is_enabled === false;
    if (disabled) {
      await emitEvent({
        workspace_id,
        type: 'plugin.disabled',
        data: { plugin_id: _id, name, version, reason: `switched off by ${caller.label}` },
        source: { kind: caller.kind, id: caller.id },
      });
    }
    await audit({
      workspace_id,
      caller,
      action: disabled ? 'plugin.disabled' : 'plugin.changed',
      target: { kind: 'plugin', id: _id, name },
      ...difference<Installation>(before, set),
    });
    await announce(workspace_id);
  });
}

/** Lets a plugin run again that was stopped after too many strikes. */
export async function resumeInstallation(caller: Caller, id: string): Promise<Installation> {
  const before = await findInstallation(caller.workspace_id, id);
  if (before.status !== 'suspect') {
    throw refused('not_stopped', `${before.name} is ${before.status}; only a plugin stopped by strikes is resumed`);
  }
  const set: Partial<Installation> = { status: before.is_enabled ? 'ok' : 'disabled', status_reason: null };
  await store(caller, before, set);
  sandbox().resume(imageId(before._id, before));
  return { ...before, ...set };
}
