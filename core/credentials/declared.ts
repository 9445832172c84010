import type { Auth } from '../../sdk/contract/manifest/auth.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';

/** The manifest of an installation. It was checked whole at intake, and its digest at every load. */
export function manifestOf(installation: { manifest: unknown }): Manifest {
  return installation.manifest as Manifest;
}

/** The auth entry with this name; the first one when no name is given. */
export function authNamed(manifest: Manifest, name: string | null | undefined): Auth | undefined {
  return name ? manifest.auth?.find((auth) => auth.name === name) : manifest.auth?.[0];
}

/** Every text in a piece of a manifest: what may hold templates. */
export function textsIn(part: unknown): string[] {
  if (typeof part === 'string') return [part];
  if (typeof part !== 'object' || part === null) return [];
  return Object.values(part).flatMap(textsIn);
}
