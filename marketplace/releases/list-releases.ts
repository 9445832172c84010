import { Release, type ReleaseState } from '../models/release.ts';

/** Which releases to list; what is absent does not matter. */
export interface ReleaseFilter {
  publisher?: string | undefined;
  name?: string | undefined;
  state?: ReleaseState | undefined;
  is_verified?: boolean | undefined;
}

/** Releases of all packages, newest first, each with what the review found; without manifests and texts. */
export async function listReleases(
  { publisher, name, state, is_verified }: ReleaseFilter,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ releases: Omit<Release, 'manifest_text' | 'readme' | 'changelog' | 'icon'>[]; total: number }> {
  const filter = {
    ...(publisher !== undefined && { publisher }),
    ...(name !== undefined && { name }),
    ...(state !== undefined && { state }),
    ...(is_verified !== undefined && { is_verified }),
  };
  const [releases, total] = await Promise.all([
    Release.find(filter, { manifest_text: 0, readme: 0, changelog: 0, icon: 0 })
      .sort({ published_at: -1, _id: -1 })
      .skip(skip)
      .limit(limit)
      .lean(),
    Release.countDocuments(filter),
  ]);
  return { releases, total };
}
