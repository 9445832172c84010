import { expect } from 'chai';
import { checkPackage } from '../../../sdk/check/check-package.ts';
import { checkManifest } from '../../../sdk/contract/check-manifest.ts';
import { Failure } from '../../../sdk/contract/failure.ts';
import type { Manifest } from '../../../sdk/contract/manifest.ts';
import { unpack } from '../../../sdk/package/index.ts';
import { pluginJs, tgz } from './build-tar.ts';

const manifest: Manifest = { manifest_version: 1, name: '@acme/demo', version: '1.0.0' };
const megabytes = 8;
/** Text of about eight megabytes: the most that a review reads. */
const filled = (text: string) => {
  const unit = Buffer.from(text);
  return Buffer.alloc(Math.floor((megabytes * 1_048_576) / unit.length) * unit.length, unit);
};
const after = (start: string, text: string) => Buffer.concat([Buffer.from(start), filled(text).subarray(start.length)]);

/** A rule that takes quadratic time on one of these would need hours: the test would not end within its limit. */
const files: [string, string, Buffer][] = [
  ['letters of another script', 'plugin.js', filled('а')],
  ['letters of two scripts', 'plugin.js', filled('aа')],
  ['characters that turn the direction', 'plugin.js', filled('\u202e')],
  ['characters that nobody sees', 'plugin.js', filled('\u200b')],
  ['line breaks', 'plugin.js', filled('\n')],
  ['line breaks with a finding behind them', 'plugin.js', after('', '\neval(1)')],
  ['beginnings of tokens', 'plugin.js', filled('-eyJ')],
  ['beginnings of private keys', 'plugin.js', filled('-----BEGIN PRIVATE KEY-----nnnn')],
  ['addresses with passwords that never end', 'plugin.js', filled('ab://a:aaaaaaa')],
  ['one endless encoded block', 'plugin.js', after('"', 'A')],
  ['quotes', 'plugin.js', filled('"')],
  ['calls that never open', 'plugin.js', after('ctx.fetch', ' ')],
  ['an address that never ends', 'plugin.js', after('ctx.fetch("https://', 'a')],
  ['an attribute that never comes', 'icon.svg', after('<svg href=', ' ')],
  ['an event handler that never comes', 'icon.svg', after('<svg on', 'a')],
  ['secrets without end', 'README.md', filled('secret: "')],
];

describe('A hostile package under review', function () {
  this.timeout(30_000);

  for (const [what, path, content] of files) {
    it(`is read to its end: ${what}`, () => {
      const found = checkPackage({ manifest, files: new Map([[path, content]]) });
      expect(found.length).to.be.below(1_000);
      for (const { message, fix, file } of found) expect(message.length + fix.length + file.length).to.be.below(1_500);
    });
  }

  it('is refused unread when a text in it is larger than a review reads', () => {
    const found = checkPackage({ manifest, files: new Map([['plugin.js', Buffer.alloc(9 * 1_048_576, 97)]]) });
    expect(found[0]).to.include({ rule: 'too-large', severity: 'error', file: 'plugin.js' });
  });

  it('may bring any source map: places then stay in plugin.js', () => {
    for (const map of [
      '',
      '{}',
      '[]',
      'null',
      '{"version":3,"sources":null,"mappings":5}',
      '{"version":3,"sections":[{}]}',
    ]) {
      const packed = new Map([
        ['plugin.js', Buffer.from('\neval("1")')],
        ['plugin.js.map', Buffer.from(map)],
      ]);
      const found = checkPackage({ manifest, files: packed }).find(({ rule }) => rule === 'code-from-text');
      expect(found, map).to.include({ file: 'plugin.js', line: 2 });
    }
  });
});

describe('A hostile manifest', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  for (const [where, json] of [
    [
      'an event’s sample',
      `{"manifest_version":1,"name":"@a/b","version":"1.0.0","events":{"x.y":{"schema":{},"sample":${nested(80_000)}}}}`,
    ],
    ['a schema', `{"manifest_version":1,"name":"@a/b","version":"1.0.0","configuration":${nested(80_000)}}`],
    [
      'the proof of a trigger',
      `{"manifest_version":1,"name":"@a/b","version":"1.0.0","triggers":{"t":{"title":"t","address":"integration","verify":${'{"all":['.repeat(50_000)}{"scheme":"secret-url"}${']}'.repeat(50_000)}}}}`,
    ],
  ]) {
    it(`that nests without end in ${where} is refused as any other`, async () => {
      const error = await unpack(tgz([pluginJs, { path: 'plugin.json', content: json ?? '' }])).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(Failure);
      expect((error as Failure).content)
        .to.have.property('reason')
        .that.is.oneOf(['manifest_invalid', 'manifest_json']);
    });
  }

  it('built by code, with cycles or BigInt, is refused and does not throw', () => {
    const cycle: Record<string, unknown> = { ...manifest };
    cycle.actions = cycle;
    expect(checkManifest(cycle).ok).to.equal(false);
    expect(checkManifest({ ...manifest, limits: { cpu_ms: 10n } }).ok).to.equal(false);
  });

  it('with the names of Object.prototype is judged like any other', () => {
    const text =
      '{"manifest_version":1,"name":"@a/b","version":"1.0.0","actions":{"constructor":{"title":"x"}},"__proto__":{"x":1}}';
    const checked = checkManifest(JSON.parse(text));
    expect(checked.ok).to.equal(false);
    expect(Object.hasOwn(Object.prototype, 'x')).to.equal(false);
  });
});
