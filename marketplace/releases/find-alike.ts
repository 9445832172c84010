import { trusted } from '../../core/database/mongoose.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { Package } from '../models/package.ts';
import type { Finding } from '../models/release.ts';

/**
 * Finds packages of other publishers that a person could take this one for: the same name or title. Titles are free,
 * so this is a warning for reviewers and installers, no refusal.
 */
export async function findAlike(manifest: Manifest): Promise<Finding[]> {
  const [publisher = '', short = ''] = manifest.name.split('/');
  const title = typeof manifest.display_name === 'string' ? manifest.display_name : manifest.display_name?.en;
  const titles = title === undefined ? [] : [{ display_name: title }, { 'display_name.en': title }];
  const found = await Package.find(
    {
      publisher: trusted({ $ne: publisher }),
      $or: [{ _id: trusted({ $regex: `/${short.replaceAll('-', '-?')}$` }) }, ...titles],
    },
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
