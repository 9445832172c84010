import { trusted } from '../../core/database/mongoose.ts';
import type { Text } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { Package } from '../models/package.ts';
import type { Finding } from '../models/release.ts';

/**
 * Finds packages of other publishers that a person could take this one for: the same name or title. Titles are free,
 * so this is a warning for reviewers and installers, no refusal.
 */
export async function findAlike(manifest: Manifest): Promise<Finding[]> {
  const [publisher = ''] = manifest.name.split('/');
  const found = await Package.find(
    { alike: trusted({ $in: takenFor(manifest.name, manifest.display_name) }), publisher: trusted({ $ne: publisher }) },
    { _id: 1 },
  )
    .limit(5)
    .lean();
  return found.map(({ _id }) => ({
    rule: 'similar-name',
    severity: 'warning',
    file: 'plugin.json',
    message: `${manifest.name} could be taken for ${_id}`,
    fix: 'say in name, title or icon what tells it apart',
  }));
}

/** What a person knows a package by: its name without publisher and dashes, and its English title. Stored, so that it is looked up. */
export function takenFor(name: string, title: Text | undefined): string[] {
  const [, short = ''] = name.split('/');
  const english = typeof title === 'string' ? title : title?.en;
  return [`name ${short.replaceAll('-', '')}`, ...(english === undefined ? [] : [`title ${english}`])];
}
