// Names as each browser and system puts them into its user agent; the first that fits, since many claim to be others too.
const browsers: [mark: RegExp, name: string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];
const systems: [mark: RegExp, name: string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * What a user agent says of browser and system, in words that people use. Null for each that it does not say.
 * A program says its own name first: `curl/8.5.0` is curl.
 */
export function deviceWords(user_agent: string): { browser: string | null; system: string | null } {
  const named = (list: typeof browsers) => list.find(([mark]) => mark.test(user_agent))?.[1] ?? null;
  const program = /^(?!Mozilla\b)([\w.@-]{1,40})(\/|$)/.exec(user_agent)?.[1] ?? null;
  return { browser: named(browsers) ?? program, system: named(systems) };
}
