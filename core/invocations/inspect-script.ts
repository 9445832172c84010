import { refused } from '../../marketplace/releases/intake.ts';
import { SandboxError } from '../../sandbox/index.ts';
import type { Inspection } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { sandbox } from './sandbox.ts';

/**
 * Loads a script of a stranger once, in a process of its own, and says what it holds.
 *
 * @throws Failure `install_refused`, reason `load`, when it fails or runs away; `service_unavailable` when nothing can
 *   be loaded now
 */
export async function inspectScript(image: { name: string; version: string; script: string }): Promise<Inspection> {
  try {
    return await sandbox().inspect({ ...image, trust: 'unverified' });
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const { type, message } = error.error;
    if (type === 'unavailable' || type === 'busy' || type === 'starved') {
      throw new Failure('service_unavailable', {
        message: `The package cannot be checked now: ${message}`,
        retry_after_s: 5,
        cause: error,
      });
    }
    throw refused('load', `${image.name}@${image.version} could not be loaded on trial: ${message}`);
  }
}
