import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';

const dist = join(import.meta.dirname, '../../core/console/dist');
const kilobyte = 1000;

/** Each file of the build that a browser fetches before it shows a page, itself included. */
function closure(first: string[], seen = new Set<string>()): Set<string> {
  for (const name of first) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (!name.endsWith('.js')) continue;
    const source = readFileSync(join(dist, 'assets', name), 'utf8');
    // What a module cannot start without; what it fetches later is `import(…)`.
    closure(
      [...source.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(([, file]) => file ?? ''),
      seen,
    );
  }
  return seen;
}

describe('What a browser fetches of the console', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const first = [...html.matchAll(/assets\/([\w.-]+\.(?:js|css))/g)].map(([, name]) => name ?? '');
  const entry = first
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(dist, 'assets', name), 'utf8'));
  const size = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(dist, 'assets', name))).length, 0);
  const chunk = (page: string) => new RegExp(`\\./(${page}-[\\w-]+\\.js)`).exec(entry.join('\n'))?.[1];

  it('is at most 260 kB, packed, until the marketplace stands there, styles included', () => {
    const marketplace = chunk('marketplace');
    expect(marketplace, 'the marketplace’s own piece').to.be.a('string');
    const bytes = size(closure([...first, marketplace ?? '']));
    expect(bytes / kilobyte)
      .to.be.greaterThan(50)
      .and.at.most(260);
  });

  it('holds neither the forms nor the charts before a page needs them', () => {
    const names = [...closure(first)].join(' ');
    expect(names).to.not.match(/schema-form|charts/);
  });
});
