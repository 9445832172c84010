import { type Finding, matchesOf, type TextFile } from './finding.ts';

/** Ways of writing code that fail in the sandbox, or that hide from a reader what runs. */
const rules: { form: RegExp; rule: string; severity: Finding['severity']; message: string; fix: string }[] = [
  {
    form: /\beval\s*\(|\bnew\s+Function\s*\(|[^.\w]Function\s*\(\s*["'`]/g,
    ...{ rule: 'code-from-text', severity: 'warning', message: 'Code is made from text', fix: 'write the code itself' },
  },
  {
    form: /\bWebAssembly\b|\bSharedArrayBuffer\b|\bAtomics\./g,
    ...{ rule: 'not-in-sandbox', severity: 'error', message: 'This does not exist in the sandbox' },
    fix: 'use plain JavaScript',
  },
  {
    form: /(?<![.\w$])process\.(?:env|cwd|exit|platform|argv|nextTick)\b|(?<![.\w$])(?:__dirname|__filename)\b/g,
    ...{ rule: 'not-in-sandbox', severity: 'error', message: 'Node does not exist in the sandbox' },
    fix: 'use ctx.config for settings, and the web APIs',
  },
  {
    form: /(?<![.\w$])(?:XMLHttpRequest|WebSocket|EventSource|localStorage|document\.|window\.)/g,
    ...{ rule: 'not-in-sandbox', severity: 'warning', message: 'A browser API that the sandbox does not have' },
    fix: 'use ctx.fetch and ctx.store',
  },
  {
    form: /(?<![.\w$])fetch\s*\(\s*["'`]https?:/g,
    ...{
      rule: 'plain-fetch',
      severity: 'error',
      message: 'The sandbox has no fetch of its own',
      fix: 'write ctx.fetch(…)',
    },
  },
  {
    form: /https?:\/\/(?:\d{1,3}\.){3}\d{1,3}\b(?!\.)/g,
    ...{ rule: 'plain-address', severity: 'warning', message: 'A bare IP address', fix: 'name the host' },
  },
  {
    form: /["'`][A-Za-z0-9+/]{4000}|(?:\\x[0-9a-f]{2}){200}/gi,
    ...{
      rule: 'blob',
      severity: 'warning',
      message: 'A large block of encoded data',
      fix: 'leave it out, or fetch it',
    },
  },
];

/** Things in the code that a reviewer would ask about. */
export function findCodeFaults(files: readonly TextFile[]): Finding[] {
  const code = files.find(({ path }) => path === 'plugin.js');
  if (!code) return [];
  const found = rules.flatMap(({ form, rule, severity, message, fix }) =>
    matchesOf(code.text, form).map((match): Finding => ({ rule, severity, ...code.place(match.index), message, fix })),
  );
  const hasMap = files.some(({ path }) => path === 'plugin.js.map');
  if (!hasMap && /.{5000}/.test(code.text)) {
    const fix = 'pack it from its sources with "patchbay pack", which adds a source map';
    found.push({
      rule: 'unreadable',
      severity: 'warning',
      file: 'plugin.js',
      message: 'Minified, without a source map',
      fix,
    });
  }
  return found;
}
