import type { Manifest } from '../contract/manifest.ts';
import { findChanges } from './changes.ts';
import { findCodeFaults } from './code.ts';
import { type Finding, textFiles } from './finding.ts';
import { findHandlerFaults } from './handlers.ts';
import { findHiddenText } from './hidden-text.ts';
import { findListingFaults } from './listing.ts';
import { findPermissionUse } from './permission-use.ts';
import { findSecrets } from './secrets.ts';

export type { Finding } from './finding.ts';

export interface PackageUnderReview {
  manifest: Manifest;
  files: ReadonlyMap<string, Buffer>;
  /** Manifest of the release before, for what changed. */
  previous?: Manifest | null | undefined;
  /** What the code has, from `inspect` of the sandbox or from `evaluate`; not judged when absent. */
  handlers?: readonly string[] | undefined;
}

const weight = { error: 0, warning: 1, info: 2 };

/**
 * The review without running anything, the same for `patchbay check` and for the registry: the worst first.
 * A package without findings of severity `error` may be published.
 */
export function checkPackage({ manifest, files, previous, handlers }: PackageUnderReview): Finding[] {
  const texts = textFiles(files);
  const found = [
    ...findSecrets(texts),
    ...findHiddenText(texts),
    ...findCodeFaults(texts),
    ...findPermissionUse(manifest, texts),
    ...(handlers ? findHandlerFaults(manifest, handlers) : []),
    ...(previous ? findChanges(previous, manifest) : []),
    ...findListingFaults(manifest, files),
  ];
  return unique(found).sort((a, b) => weight[a.severity] - weight[b.severity]);
}

/** A secret in a source is in plugin.js and in its map; it is told once. */
function unique(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, file, line, message }) => {
    const key = JSON.stringify(file === 'plugin.js.map' ? [rule, message] : [rule, file, line, message]);
    const told = JSON.stringify([rule, message]);
    if (seen.has(key) || (file === 'plugin.js.map' && seen.has(told))) return false;
    seen.add(key).add(told);
    return true;
  });
}
