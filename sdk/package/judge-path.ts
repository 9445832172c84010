import { archiveLimits, isPackagePath } from './archive-limits.ts';
import { refuseArchive } from './refuse-archive.ts';

/** Names that Windows gives to devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Judges the path of an entry by what any file system would make of it, and answers it without `./` before and `/` after.
 * Folders are judged the same way but need not be known: only the files in them count.
 * @throws {Failure} install_refused
 */
export function judgePath(written: string, kind: 'file' | 'folder'): string {
  const entry = written;
  if (written.includes('\\')) throw refuseArchive('path_backslash', 'a path has no backslash', { entry });
  if (/^(\/|[A-Za-z]:)/.test(written)) throw refuseArchive('path_absolute', 'a path must be relative', { entry });
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}<>:"|?*]/u.test(written)) {
    throw refuseArchive('path_character', 'a path has no control, invisible or special characters', { entry });
  }
  const path = written.replace(/^(\.\/)+/, '').replace(kind === 'folder' ? /\/+$/ : /$^/, '');
  if (kind === 'folder' && (path === '' || path === '.')) return '';
  const segments = path.split('/');
  if (segments.includes('..')) throw refuseArchive('path_traversal', 'a path must not lead upwards', { entry });
  if (segments.some((segment) => segment === '' || segment === '.')) {
    throw refuseArchive('path_empty', 'a path has no empty part', { entry });
  }
  if (segments.some((segment) => reserved.test(segment) || /[. ]$/.test(segment))) {
    throw refuseArchive('path_reserved', 'some systems cannot store this name', { entry });
  }
  if (path.length > archiveLimits.path) {
    throw refuseArchive('path_long', `a path has at most ${archiveLimits.path} characters`, { entry });
  }
  if (kind === 'file' && !isPackagePath(path)) {
    const taken =
      'plugin.json, plugin.js, plugin.js.map, signature.json, README.md, CHANGELOG.md, LICENSE, icon.svg or .png, screenshots/, locales/';
    throw refuseArchive('path_unknown', `it is not a file of a package (${taken})`, { entry });
  }
  return path;
}
