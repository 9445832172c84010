import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { append } from '../log/append.ts';
import type { LogKind } from '../models/log-entry.ts';
import { Package } from '../models/package.ts';
import { Release } from '../models/release.ts';
import type { Actor, Parts } from '../parts.ts';
import { findPublisher, mustBeHome, mustBelong } from '../publishers/find-publisher.ts';
import { findPackage, findRelease } from './find-release.ts';
import { refreshPackage } from './refresh-package.ts';

/** Which release, and why its state changes. */
export interface StateChange {
  name: string;
  version: string;
  reason: string;
}

/** Withdraws a release from new installs; whoever runs it goes on. Members of the publisher may. */
export async function yank(parts: Parts, actor: Actor, change: StateChange): Promise<Release> {
  return changeState(parts, actor, change, 'release.yanked', async (release) => {
    await mustBeMember(release, actor);
    if (release.state === 'rejected') throw conflict(release, 'was rejected already');
    return { state: 'yanked', state_reason: change.reason };
  });
}

/** Advises against a release, or with an empty reason takes the advice back. Members of the publisher may. */
export async function deprecate(parts: Parts, actor: Actor, change: StateChange): Promise<Release> {
  return changeState(parts, actor, change, 'release.deprecated', async (release) => {
    await mustBeMember(release, actor);
    return { deprecated: change.reason === '' ? null : { reason: change.reason, at: new Date(parts.clock()) } };
  });
}

/** Marks a release as reviewed. The route lets only reviewers through. */
export async function verifyRelease(
  parts: Parts,
  actor: Actor,
  change: StateChange & { is_security_fix?: boolean },
): Promise<Release> {
  return changeState(parts, actor, change, 'release.verified', async (release) => {
    if (release.state === 'rejected') throw conflict(release, 'was rejected; publish a new version instead');
    return {
      is_verified: true,
      verified_at: new Date(parts.clock()),
      verified_by: actor.label,
      verified_reason: change.reason,
      is_security_fix: change.is_security_fix ?? release.is_security_fix,
    };
  });
}

/** Refuses a release for good. The route lets only reviewers through. */
export async function rejectRelease(parts: Parts, actor: Actor, change: StateChange): Promise<Release> {
  return changeState(parts, actor, change, 'release.rejected', async () => ({
    state: 'rejected',
    state_reason: change.reason,
    is_verified: false,
  }));
}

/** Stops a package everywhere on this site, or (`reason` null) lets it run again. The route lets only reviewers through. */
export async function setBlock(parts: Parts, actor: Actor, name: string, reason: string | null): Promise<Package> {
  return transaction(async () => {
    const found = await findPackage(name);
    if ((found.blocked === null) === (reason === null)) {
      throw new Failure('conflict', { message: `${name} is ${reason === null ? 'not blocked' : 'blocked already'}` });
    }
    const at = new Date(parts.clock());
    const blocked = reason === null ? null : { reason, at, by: actor.label };
    await Package.updateOne({ _id: name }, { $set: { blocked, changed_at: at } });
    const kind = reason === null ? 'package.unblocked' : 'package.blocked';
    await append(parts, actor, [{ kind, subject: name, ...(reason !== null && { facts: { reason } }) }]);
    return { ...found, blocked };
  });
}

async function changeState(
  parts: Parts,
  actor: Actor,
  { name, version, reason }: StateChange,
  kind: LogKind,
  change: (release: Release) => Promise<Partial<Release>>,
): Promise<Release> {
  return transaction(async () => {
    const release = await findRelease(name, version);
    const changed = await change(release);
    await Release.updateOne({ _id: release._id }, { $set: changed });
    await append(parts, actor, [{ kind, subject: name, version, facts: { digest: release.digest, reason } }]);
    await refreshPackage(parts, name);
    return { ...release, ...changed };
  });
}

async function mustBeMember(release: Release, actor: Actor): Promise<void> {
  const publisher = await findPublisher(release.publisher);
  mustBelong(publisher, actor);
  mustBeHome(publisher);
}

function conflict(release: Release, what: string): Failure {
  return new Failure('conflict', { message: `${release._id} ${what}` });
}
