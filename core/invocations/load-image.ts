import { readBundle, TamperedError } from '../../marketplace/releases/read-bundle.ts';
import { CALL_LIMITS } from '../../sandbox/index.ts';
import type { Limits, Sandbox } from '../../sandbox/types.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { manifestDigest } from '../../sdk/package/sign.ts';
import { cached } from '../access/cache.ts';
import { pluginLimitNames, Workspace } from '../access/model.ts';
import { audit } from '../audit/audit.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { Installation, parseManifest, type RunningRelease } from '../installations/model.ts';
import { log } from '../log.ts';
import type { CallScope } from './scope.ts';

/** Images of this process: id → installation, how it was loaded, and when a call last asked for it. */
const loaded = new Map<string, { installation_id: string; workspace_id: string; how: string; used_at: number }>();
const loading = new Map<string, Promise<void>>();

/**
 * The id of an image: an installation at a release. A new release never shares an isolate with the old one; a sideloaded
 * one may have the same manifest and other code.
 */
export function imageId(installation_id: string, release: Pick<RunningRelease, 'digest' | 'integrity'>): string {
  return `${installation_id}:${release.digest.slice(0, 16)}${release.integrity.slice(-18, -2)}`;
}

/**
 * Makes the sandbox know a release of an installation. The stored package is checked against its digests at every
 * load; when one differs, the installation is switched off with that reason.
 *
 * @returns the image's id
 * @throws Failure `install_refused`, reason `tampered`
 */
export async function loadImage(
  sandbox: Sandbox<CallScope>,
  installation: Installation,
  release: RunningRelease,
): Promise<string> {
  const id = imageId(installation._id, release);
  const limits = await limitsOf(installation.workspace_id, release);
  const how = JSON.stringify([installation.is_verified, installation.jitless, limits]);
  const known = loaded.get(id);
  if (known?.how === how) {
    known.used_at = Date.now();
    return id;
  }
  const running =
    loading.get(id) ?? load(sandbox, installation, release, { id, how, limits }).finally(() => loading.delete(id));
  loading.set(id, running);
  await running;
  return id;
}

/** The lower of what the manifest asks and the workspace allows; the sandbox holds them against the host's own. */
async function limitsOf(workspace_id: string, release: RunningRelease): Promise<Partial<Limits>> {
  const workspace = await cached(workspace_id, 'plugin-limits', 'workspace', async () => {
    const found = await Workspace.findById(workspace_id, { limits: 1 }).lean();
    return found?.limits?.plugins ?? {};
  });
  const asked: Partial<Limits> = parseManifest(release).limits ?? {};
  const limits: Partial<Limits> = { ...asked };
  for (const name of pluginLimitNames) {
    const allowed = workspace[name];
    if (allowed === undefined) continue;
    // A heap may be asked above the usual one: then the usual one is what nobody asked for.
    const wanted = asked[name] ?? (name === 'heap_mb' ? CALL_LIMITS.heap_mb : allowed);
    limits[name] = Math.min(wanted, allowed);
  }
  return limits;
}

async function load(
  sandbox: Sandbox<CallScope>,
  installation: Installation,
  release: RunningRelease,
  { id, how, limits }: { id: string; how: string; limits: Partial<Limits> },
): Promise<void> {
  try {
    const manifest = JSON.parse(release.manifest_text) as Installation['manifest'];
    if (manifestDigest(manifest) !== release.digest) {
      throw new TamperedError('The stored manifest does not have its digest');
    }
    const bundle = await readBundle(release.integrity);
    sandbox.load({
      id,
      name: installation.name,
      version: release.version,
      script: bundle.script,
      ...(bundle.source_map !== null && { source_map: bundle.source_map }),
      trust: installation.is_verified ? 'verified' : 'unverified',
      jitless: installation.jitless,
      limits,
    });
  } catch (error) {
    if (!(error instanceof TamperedError)) throw error;
    await disableTampered(installation, error.message);
    throw new Failure('install_refused', {
      message: `${installation.name}@${release.version} was switched off: ${error.message}`,
      content: { reason: 'tampered' },
      cause: error,
    });
  }
  loaded.set(id, {
    installation_id: installation._id,
    workspace_id: installation.workspace_id,
    how,
    used_at: Date.now(),
  });
}

async function disableTampered(installation: Installation, reason: string): Promise<void> {
  log.error({ installation: installation._id, name: installation.name, reason }, 'a stored package was tampered with');
  await transaction(async () => {
    const after = { status: 'tampered' as const, status_reason: reason };
    await Installation.updateOne({ _id: installation._id }, { $set: after });
    await audit({
      workspace_id: installation.workspace_id,
      action: 'plugin.stopped',
      target: { kind: 'plugin', id: installation._id, name: installation.name },
      before: { status: installation.status },
      after,
    });
    await announce(installation.workspace_id);
  });
}

/**
 * Ends the isolates of an installation in this process, but for those of the releases that are kept, and those that a call
 * asked for since `used_before`.
 */
export function unloadImages(
  sandbox: Sandbox<CallScope>,
  installation_id: string,
  { keep = [], used_before = Number.POSITIVE_INFINITY }: { keep?: readonly string[]; used_before?: number } = {},
): void {
  for (const [id, image] of loaded) {
    if (image.installation_id !== installation_id || keep.includes(id) || image.used_at >= used_before) continue;
    unloadImage(sandbox, id);
  }
}

/** Ends the isolates of one release of an installation in this process. */
export function unloadImage(sandbox: Sandbox<CallScope>, id: string): void {
  sandbox.unload(id);
  loaded.delete(id);
}

/** The installations that have an image in this process, of one workspace or, with null, of all. */
export function loadedInstallations(workspace_id: string | null): string[] {
  const images = [...loaded.values()].filter((image) => workspace_id === null || image.workspace_id === workspace_id);
  return [...new Set(images.map(({ installation_id }) => installation_id))];
}
