import semver from 'semver';
import { Package } from '../../marketplace/models/package.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { trusted } from '../database/mongoose.ts';
import { log } from '../log.ts';
import { Installation } from './model.ts';
import { effectivePolicy } from './policy.ts';
import { type Upgrader, upgradePlugin } from './upgrade.ts';

const host: Upgrader = { kind: 'system', id: 'auto-upgrade', label: 'automatic upgrade' };

/**
 * Takes every installation that asked for it to the newest release of its line: when it is old enough for the policy
 * (first-party ones and security fixes at once) and wants no more than is granted. What cannot be taken is left alone.
 *
 * @returns how many were upgraded
 */
export async function autoUpgrade(): Promise<number> {
  const willing = await Installation.find({
    auto_upgrade: trusted({ $in: ['patch', 'minor'] }),
    pinned: false,
    is_enabled: true,
    status: 'ok',
    source: 'marketplace',
    canary: null,
  }).lean();
  let upgraded = 0;
  for (const installation of willing) if (await upgradeOne(installation)) upgraded += 1;
  return upgraded;
}

async function upgradeOne(installation: Installation): Promise<boolean> {
  const { name, version, auto_upgrade, workspace_id } = installation;
  const listing = await Package.findById(name, { latest: 1, is_first_party: 1 }).lean();
  if (!listing?.latest || !semver.gt(listing.latest, version)) return false;
  const { cooldown_hours } = await effectivePolicy(workspace_id);
  try {
    await upgradePlugin(host, installation, {
      version: `${auto_upgrade === 'patch' ? '~' : '^'}${version}`,
      ...(!listing.is_first_party && { published_before: new Date(Date.now() - cooldown_hours * 3_600_000) }),
    });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.info({ installation: installation._id, name, reason: error.message }, 'an automatic upgrade waits');
    return false;
  }
}
