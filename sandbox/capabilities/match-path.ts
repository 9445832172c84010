/**
 * Does a parsed path match a pattern segment by segment? `*` is one segment that is not empty, `**` (at the end) the rest,
 * nothing included. A path with an encoded slash, backslash or dot segment matches nothing: servers differ on what it is.
 */
export function matchPath(pattern: string, pathname: string): boolean {
  if (/%(2f|5c|2e|00|25(2f|5c|2e|00))/i.test(pathname) || /\\|\/\.{1,2};/.test(pathname)) return false;
  const wanted = pattern.replace(/^\//, '').split('/');
  const given = pathname.replace(/^\//, '').split('/');
  if (wanted.at(-1) === '**') {
    const head = wanted.slice(0, -1);
    return given.length >= head.length && head.every((segment, i) => matchSegment(segment, given[i] as string));
  }
  return wanted.length === given.length && wanted.every((segment, i) => matchSegment(segment, given[i] as string));
}

function matchSegment(wanted: string, given: string): boolean {
  return wanted === '*' ? given !== '' : wanted === given;
}
