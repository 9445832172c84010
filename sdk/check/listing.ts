import type { Manifest } from '../contract/manifest.ts';
import { type Finding, isText, readable } from './finding.ts';

/** What people need in order to choose the plugin, and pictures that are only pictures. */
export function findListingFaults(manifest: Manifest, files: ReadonlyMap<string, Buffer>): Finding[] {
  return [...missing(manifest, files), ...pictures(files), ...unreadable(files)];
}

function missing(manifest: Manifest, files: ReadonlyMap<string, Buffer>): Finding[] {
  const has = (...paths: string[]) => paths.some((path) => (files.get(path)?.length ?? 0) > 0);
  const changes = files.get('CHANGELOG.md')?.toString('utf8');
  const wanted: [boolean, string, Finding['severity'], string, string, string][] = [
    [
      has('README.md'),
      'readme',
      'warning',
      'README.md',
      'There is no README',
      'say what the plugin does and how to set it up',
    ],
    [
      has('LICENSE', 'LICENSE.md', 'LICENSE.txt'),
      'licence',
      'warning',
      'LICENSE',
      'There is no licence text',
      'add LICENSE',
    ],
    [
      has('icon.svg', 'icon.png'),
      'icon',
      'warning',
      'icon.svg',
      'There is no icon',
      'add icon.svg, or icon.png of 256 × 256',
    ],
    [
      Boolean(manifest.license),
      'licence',
      'warning',
      'plugin.json',
      'No licence is named',
      'add "license", as in "MIT"',
    ],
    [
      Boolean(manifest.description),
      'description',
      'warning',
      'plugin.json',
      'There is no description',
      'add "description"',
    ],
    [
      Boolean(manifest.engines),
      'engines',
      'info',
      'plugin.json',
      'No host version is named',
      'add "engines": {"patchbay": ">=1.0.0"}',
    ],
    [
      ...([!manifest.auth || Boolean(manifest.privacy_url), 'privacy', 'info', 'plugin.json'] as const),
      ...(['It connects accounts but names no privacy page', 'add "privacy_url"'] as const),
    ],
    [
      ...([changes === undefined || changes.includes(manifest.version), 'changelog', 'info', 'CHANGELOG.md'] as const),
      ...([`CHANGELOG.md does not mention ${manifest.version}`, 'say what changed'] as const),
    ],
  ];
  return wanted
    .filter(([there]) => !there)
    .map(([, rule, severity, file, message, fix]) => ({ rule, severity, file, message, fix }));
}

/** The first bytes by which a picture is known. */
const beginnings: [RegExp, number[]][] = [
  [/\.png$/, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  [/\.jpe?g$/, [0xff, 0xd8, 0xff]],
  [/\.webp$/, [0x52, 0x49, 0x46, 0x46]],
];

function pictures(files: ReadonlyMap<string, Buffer>): Finding[] {
  return [...files].flatMap(([file, content]): Finding[] => {
    const beginning = beginnings.find(([ending]) => ending.test(file))?.[1];
    if (beginning && !beginning.every((byte, i) => content[i] === byte)) {
      const fix = 'save the picture again in that format';
      return [{ rule: 'picture', severity: 'error', file, message: 'It is not the picture that its name says', fix }];
    }
    return file.endsWith('.svg') ? svgFaults(file, content.toString('utf8')) : [];
  });
}

/** An SVG can run code and load from elsewhere; an icon must do neither. */
function svgFaults(file: string, text: string): Finding[] {
  const rules: [RegExp, string][] = [
    [/<script\b/i, 'has a script'],
    [/\son[a-z]{1,30}\s{0,20}=/i, 'has an event handler'],
    [/<(foreignObject|iframe|embed|object|audio|video|animate|set)\b/i, 'has an element that is no drawing'],
    [/<!(DOCTYPE|ENTITY)/i, 'has a document type, which may define entities'],
    [/(?:href|src)\s{0,20}=\s{0,20}["']?\s{0,20}[a-z/]/i, 'refers to something outside'],
    [/(?:url\s{0,20}\(\s{0,20}["']?(?!#)|@import|javascript:)/i, 'refers to something outside'],
  ];
  const faults = rules.filter(([form]) => form.test(text)).map(([, what]) => what);
  if (!/<svg[\s>]/i.test(text)) faults.push('is no SVG');
  return faults.map((what) => ({
    ...{ rule: 'picture', severity: 'error', file, message: `The icon ${what}`, fix: 'export it as a plain drawing' },
  }));
}

/** Text that people read must be text, and JSON must be JSON. */
function unreadable(files: ReadonlyMap<string, Buffer>): Finding[] {
  return [...files].flatMap(([file, content]): Finding[] => {
    if (!isText(file)) return [];
    if (content.length > readable.text) {
      const message = `It has ${content.length} bytes; text of at most ${readable.text} is read`;
      return [{ rule: 'too-large', severity: 'error', file, message, fix: 'make it smaller' }];
    }
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    } catch {
      return [{ rule: 'encoding', severity: 'error', file, message: 'It is not UTF-8', fix: 'save it as UTF-8' }];
    }
    if (!/\.(json|map)$/.test(file)) return [];
    try {
      JSON.parse(text);
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message.slice(0, 120) : '';
      return [{ rule: 'json', severity: 'error', file, message: `It is not JSON: ${reason}`, fix: 'correct it' }];
    }
  });
}
