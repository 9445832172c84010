import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Bundle } from '../../marketplace/models/bundle.ts';
import { manifestRefusal, mustBeSame, refused, scriptOf } from '../../marketplace/releases/intake.ts';
import { checkManifest } from '../../sdk/contract/check-manifest.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { integrityOf } from '../../sdk/package/integrity.ts';
import { manifestDigest } from '../../sdk/package/sign.ts';
import { inspectScript } from '../invocations/inspect-script.ts';

const zip = promisify(gzip);

/** What an installation needs of a plugin, wherever it comes from. */
export interface Candidate {
  manifest: Manifest;
  manifest_text: string;
  digest: string;
  integrity: string;
  handlers: string[];
  is_verified: boolean;
  verification_date: Date | null;
  source: 'marketplace' | 'sideload';
}

/**
 * Takes a manifest and the source of its module as they are: checked like a package, loaded on trial, never verified.
 * Stores the bundle.
 *
 * @throws Failure `install_refused`
 */
export async function takeSideload(given: unknown, source: string): Promise<Candidate> {
  const checked = checkManifest(given);
  if (!checked.ok) throw manifestRefusal(checked.errors);
  const { manifest } = checked;
  if (Buffer.byteLength(source) > 10_000_000) throw refused('too_large', 'The bundle is over 10 MB');
  const { script, source_map } = await scriptOf(source, inlineMap(source));
  const inspection = await inspectScript({ name: manifest.name, version: manifest.version, script });
  mustBeSame(manifest, inspection.manifest);
  const bytes = Buffer.from(source);
  const integrity = integrityOf(bytes);
  await Bundle.updateOne(
    { _id: integrity },
    {
      $setOnInsert: {
        bytes,
        script: await zip(script),
        script_digest: integrityOf(Buffer.from(script)),
        source_map: await zip(source_map),
        created_at: new Date(),
      },
    },
    { upsert: true },
  );
  return {
    manifest,
    manifest_text: JSON.stringify(manifest),
    digest: manifestDigest(manifest),
    integrity,
    handlers: inspection.handlers,
    is_verified: false,
    verification_date: null,
    source: 'sideload',
  };
}

/** The source map at the end of a module, as bundlers write it there. */
function inlineMap(source: string): string | undefined {
  const at = source.lastIndexOf('\n//# sourceMappingURL=data:application/json;base64,');
  if (at < 0) return undefined;
  return Buffer.from(source.slice(source.indexOf('base64,', at) + 'base64,'.length).trim(), 'base64').toString('utf8');
}
