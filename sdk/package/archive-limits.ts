/** What a package may weigh (DESIGN.md, section 4). Bytes. */
export const archiveLimits = {
  packed: 10 * 1_048_576,
  unpacked: 50 * 1_048_576,
  entries: 1_000,
  path: 100,
  /** Unpacked over packed; text compresses about 10 times, a bomb 1,000 times. */
  ratio: 200,
} as const;

/** The paths that a package may hold. Everything that code needs is inside `plugin.js`. */
const known = [
  /^(plugin\.json|plugin\.js|plugin\.js\.map|signature\.json)$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE(\.md|\.txt)?$/,
  /^icon\.(svg|png)$/,
  /^screenshots\/[A-Za-z0-9][A-Za-z0-9._-]*\.(png|jpg|jpeg|webp)$/,
  /^locales\/[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\.json$/,
];

/** Whether a package may hold this path. */
export function isPackagePath(path: string): boolean {
  return path.length <= archiveLimits.path && known.some((pattern) => pattern.test(path));
}

/** Files that `files` of the manifest does not list: it stands in the first, and the second signs it. */
export const outsideFiles: readonly string[] = ['plugin.json', 'signature.json'];
