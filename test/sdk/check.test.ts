import { expect } from 'chai';
import { checkPackage, type Finding } from '../../sdk/check/check-package.ts';
import { permissionChanges } from '../../sdk/contract/permission-changes.ts';
import { pack } from '../../sdk/package/index.ts';
import { wholeManifest } from './contract/whole-manifest.ts';
import { folderWith, pluginTs, pluginWith, removeFolders } from './plugin-folder.ts';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const listed = {
  'README.md': '# Demo',
  LICENSE: 'MIT',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>',
};

async function findings(files: Record<string, string | Buffer>): Promise<Finding[]> {
  return checkPackage(await pack(folderWith({ ...listed, ...files })));
}
const body = (code: string, more?: string) => findings({ 'plugin.ts': pluginWith(code, more) });
const rules = (found: Finding[]) => found.map(({ rule }) => rule);

// Built from two halves, so that this file itself holds no secret that a scan would find.
const secrets: [string, string][] = [
  ['an AWS access key', `AKIA${'QZ7J2M9XKD4LRT8W'}`],
  ['a GitHub token', `ghp_${'a8Kd92mXq7LpZ3vT5nRw1YbC6sHj4Ge0fUiO'}`],
  ['a Slack token', `xoxb-${'2718281828-31415926-Xq7LpZ3vT5nRw1Yb'}`],
  ['a Stripe key', `sk_live_${'9aK2mXq7LpZ3vT5nRw1YbC6s'}`],
  ['a Google API key', `AIza${'SyD9aK2mXq7LpZ3vT5nRw1YbC6sHj4Ge0fU'}`],
  ['an npm token', `npm_${'a8Kd92mXq7LpZ3vT5nRw1YbC6sHj4Ge0fUiO'}`],
  ['a Patchbay key', `pb_live_${'9aK2mXq7LpZ3vT5nRw1YbC6s'}`],
  ['a password in an address', `postgres://app:${'9aK2mXq7Lp'}@db.internal.net/x`],
];

describe('checkPackage', () => {
  after(removeFolders);

  it('has nothing to say about a good plugin but what its listing lacks', async () => {
    expect(rules(await findings({ 'plugin.ts': pluginTs })).sort()).to.deep.equal([
      'description',
      'engines',
      'licence',
    ]);
  });

  for (const [what, secret] of secrets) {
    it(`finds ${what}, at its line in the author's own file`, async () => {
      const [found, ...others] = (await body(`const key = '${secret}'; return { key };`)).filter(
        ({ rule }) => rule === 'secret',
      );
      expect(found).to.include({ severity: 'error', file: 'plugin.ts', line: 5 });
      expect(found?.message).to.contain(what).and.not.contain(secret);
      expect(others).to.deep.equal([]);
    });
  }

  it('finds a secret in the README too, and leaves placeholders alone', async () => {
    const found = await findings({
      'plugin.ts': pluginTs,
      'README.md': `token: ghp_${'x'.repeat(36)}\nAKIA${'QZ7J2M9XKD4LRT8W'}`,
    });
    expect(found.filter(({ rule }) => rule === 'secret')).to.have.length(1);
    expect(found[0]).to.include({ file: 'README.md', line: 2 });
  });

  it('finds text that reads differently than it runs (CVE-2021-42574)', async () => {
    const found = await body(`const role = 'user\u202e \u2066// only admins\u2069 \u2066'; return { role };`);
    expect(found[0]).to.include({ rule: 'hidden-direction', severity: 'error', file: 'plugin.ts', line: 5 });
  });

  it('finds characters that nobody sees, and knows emoji from them', async () => {
    expect(rules(await body(`return { text: 'a\u200bb' };`))).to.include('hidden-character');
    expect(rules(await body(`return { text: '👩\u200d💻 ❤\ufe0f' };`))).not.to.include('hidden-character');
    expect(rules(await body('const p\u0430y = 1; return { p\u0430y };'))).to.include('look-alike');
  });

  it('says which permission a use needs, and which is asked for in vain', async () => {
    const used = await body(`await ctx.store.set('a', 1); return {};`);
    expect(used[0]).to.include({ rule: 'permission-undeclared', severity: 'error', line: 5 });
    expect(used[0]?.message).to.contain('"storage"');
    const vain = await body('return {};', "permissions: [{ name: 'storage', reason: 'x' }]");
    expect(vain.find(({ rule }) => rule === 'permission-unused')?.message).to.contain('"storage"');
    const both = await body(
      `await ctx.store.set('a', 1); return {};`,
      "permissions: [{ name: 'storage', reason: 'x' }]",
    );
    expect(rules(both).filter((rule) => rule.startsWith('permission'))).to.deep.equal([]);
  });

  it('finds a host that no permission reaches', async () => {
    const permissions = "permissions: [{ name: 'network', hosts: ['*.example.com'], reason: 'x' }]";
    const found = await body(
      `await ctx.fetch('https://api.example.com/a'); return ctx.fetch('https://evil.example.net/b');`,
      permissions,
    );
    const [host, ...others] = found.filter(({ rule }) => rule === 'host-undeclared');
    expect(host?.message).to.contain('evil.example.net');
    expect(others).to.deep.equal([]);
  });

  const code: [string, string, string][] = [
    ['eval', 'return eval("1");', 'code-from-text'],
    ['a function made from text', 'return new Function("return 1")();', 'code-from-text'],
    ['Node', 'return { home: process.env.HOME };', 'not-in-sandbox'],
    ['WebAssembly', 'return { ok: typeof WebAssembly };', 'not-in-sandbox'],
    ['a fetch without ctx', 'return fetch("https://example.com");', 'plain-fetch'],
    ['a bare IP address', 'return { url: "http://203.0.113.9/x" };', 'plain-address'],
    ['a large encoded block', `return { data: "${'QUJD'.repeat(6_000)}" };`, 'blob'],
  ];
  for (const [what, source, rule] of code) {
    it(`asks about ${what}`, async () => expect(rules(await body(source))).to.include(rule));
  }

  it('compares the handlers that the code has with what the manifest promises', async () => {
    const packed = await pack(folderWith({ 'plugin.ts': pluginTs }));
    const found = checkPackage({ ...packed, handlers: ['actions.gret', 'test'] }).filter(({ rule }) =>
      rule.startsWith('handler'),
    );
    expect(found[0]).to.include({
      rule: 'handler-missing',
      severity: 'error',
      fix: 'rename actions.gret to actions.greet',
    });
    expect(found[1]).to.include({ rule: 'handler-unknown', severity: 'warning' });
  });

  it('says what changed since the release before', async () => {
    const packed = await pack(folderWith({ 'plugin.ts': pluginTs }));
    const manifest = {
      ...packed.manifest,
      version: '1.1.0',
      permissions: [{ name: 'storage' as const, reason: 'x' }],
      actions: { other: { title: 'Other' } },
    };
    const found = checkPackage({ ...packed, manifest, previous: packed.manifest });
    expect(rules(found)).to.include.members(['permission-added', 'breaking-change']);
    expect(found.find(({ rule }) => rule === 'breaking-change')?.message).to.contain('actions.greet is gone');
  });

  const pictures: [string, Record<string, string | Buffer>][] = [
    ['an icon with a script', { 'icon.svg': '<svg><script>alert(1)</script></svg>' }],
    ['an icon with an event handler', { 'icon.svg': '<svg onload="alert(1)"/>' }],
    ['an icon that loads something', { 'icon.svg': '<svg><image href="https://evil.example/x.png"/></svg>' }],
    ['an icon with entities', { 'icon.svg': '<!DOCTYPE svg [<!ENTITY a "b">]><svg/>' }],
    ['an icon that is a page', { 'icon.svg': '<html></html>' }],
    ['a screenshot that is none', { 'screenshots/a.png': 'GIF89a' }],
  ];
  for (const [what, files] of pictures) {
    it(`refuses ${what}`, async () => {
      const found = await findings({ 'plugin.ts': pluginTs, ...files });
      expect(found[0]).to.include({ rule: 'picture', severity: 'error' });
    });
  }

  it('takes a true picture', async () => {
    expect(rules(await findings({ 'plugin.ts': pluginTs, 'screenshots/a.png': png }))).not.to.include('picture');
  });

  it('refuses locales that are no JSON, and text that is not UTF-8', async () => {
    expect(rules(await findings({ 'plugin.ts': pluginTs, 'locales/de.json': '{' }))).to.include('json');
    expect(rules(await findings({ 'plugin.ts': pluginTs, 'README.md': Buffer.from([0xff, 0xfe]) }))).to.include(
      'encoding',
    );
  });
});

describe('permissionChanges', () => {
  const before = wholeManifest;

  it('sees nothing in a manifest that asks for the same or less', () => {
    expect(permissionChanges(before, before)).to.deep.equal({ added: [], removed: [], credential_moved: [] });
    const [network, ...rest] = before.permissions;
    const less = { ...before, permissions: [{ ...network, hosts: ['a.example.org'], methods: ['GET'] }, ...rest] };
    expect(permissionChanges(before, less).added).to.deep.equal([]);
  });

  it('sees wider hosts, methods, paths, event types and private networks', () => {
    const [network, emit, ...rest] = before.permissions;
    const wider = [
      { ...network, hosts: [...network.hosts, 'new.example.net'] },
      { ...network, methods: ['DELETE'] },
      { ...network, methods: undefined },
      { ...network, private: true },
      { name: emit.name, reason: emit.reason },
    ];
    for (const permission of wider) {
      const after = { ...before, permissions: [permission, network, emit, ...rest] } as unknown as typeof before;
      expect(permissionChanges(before, after).added, JSON.stringify(permission)).to.have.length(1);
    }
  });

  it('sees every way in which a credential may travel elsewhere', () => {
    const [oauth, key] = before.auth;
    const moved = [
      { ...oauth, base_url: 'https://other.example.com/' },
      { ...oauth, hosts: ['other.example.org'] },
      { ...oauth, token: { url: 'https://other.example.com/token' } },
      { ...oauth, inject: [{ in: 'query', name: 'token', value: '{credential.access_token}' }] },
      { ...oauth, tls: { ca: '{credential.ca}' } },
    ];
    for (const entry of moved) {
      const after = { ...before, auth: [entry, key] } as unknown as typeof before;
      expect(permissionChanges(before, after).credential_moved, JSON.stringify(entry)).to.deep.equal(['oauth']);
    }
    const exchanges = { page: { ...before.exchanges.page, request: { url: 'https://other.example.com/' } } };
    const after = { ...before, exchanges } as unknown as typeof before;
    expect(permissionChanges(before, after).credential_moved).to.include('oauth');
  });
});
