import { cpSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { Failure } from '../../sdk/contract/failure.ts';
import { generateKeys, integrityOf, pack, sign, toScript, unpack, verify } from '../../sdk/package/index.ts';
import { folderWith, manifest, pluginTs, removeFolders } from './plugin-folder.ts';

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, not ${error}`);
  return error;
}

describe('pack', () => {
  after(removeFolders);

  it('bundles plugin.ts, takes the manifest out of it, and lists the sha256 of every file', async () => {
    const packed = await pack(folderWith({ 'plugin.ts': pluginTs, 'README.md': '# Demo' }));
    expect([...packed.files.keys()]).to.deep.equal(['README.md', 'plugin.js', 'plugin.js.map', 'plugin.json']);
    expect(packed.manifest).to.deep.include(manifest);
    expect(packed.manifest.files).to.have.all.keys('README.md', 'plugin.js', 'plugin.js.map');
    expect(packed.handlers).to.deep.equal(['actions.greet']);
    expect(packed.digest).to.equal(integrityOf(packed.bytes));
  });

  it('gives the same bytes on another path and day', async () => {
    const first = folderWith({ 'plugin.ts': pluginTs, 'README.md': '# Demo', 'locales/de.json': '{}' });
    const other = join(mkdtempSync(join(tmpdir(), 'patchbay-elsewhere-')), 'deeper', 'still');
    cpSync(first, other, { recursive: true });
    utimesSync(join(other, 'plugin.ts'), new Date('2001-01-01'), new Date('2001-01-01'));
    const [a, b] = await Promise.all([pack(first), pack(other)]);
    rmSync(join(other, '../..'), { recursive: true });
    expect(a.bytes.equals(b.bytes)).to.equal(true);
  });

  it('takes nothing along that a package has no use for', async () => {
    const files = {
      'plugin.ts': pluginTs,
      '.env': 'TOKEN=1',
      'plugin.test.ts': '',
      'dist/x.tgz': '',
      'package.json': '{}',
    };
    const packed = await pack(folderWith(files));
    expect([...packed.files.keys()]).to.deep.equal(['plugin.js', 'plugin.js.map', 'plugin.json']);
  });

  it('takes a hand-written plugin.json and plugin.js as they are', async () => {
    const js = `export default { manifest: ${JSON.stringify(manifest)}, handlers: { actions: { greet: () => 1 } } };\n`;
    const packed = await pack(folderWith({ 'plugin.js': js, 'plugin.json': JSON.stringify(manifest) }));
    expect(packed.files.get('plugin.js')?.toString()).to.equal(js);
    const { manifest: read, integrity } = await unpack(packed.bytes);
    expect(read).to.deep.include(manifest);
    expect(integrity).to.equal(packed.digest);
  });

  it('says file, line and fix for code that cannot be bundled', async () => {
    const failure = await failureOf(
      pack(folderWith({ 'plugin.ts': `import fs from 'node:fs';\n${pluginTs}console.log(fs);` })),
    );
    const [error] = (failure.content as { errors: { file: string; line: number; fix: string }[] }).errors;
    expect(error).to.include({ file: 'plugin.ts', line: 1 });
    expect(error?.fix).to.contain('ctx.fetch');
  });

  it('refuses code that throws while it is loaded, and code without a plugin', async () => {
    expect((await failureOf(pack(folderWith({ 'plugin.ts': 'export default null.x' })))).message).to.contain('throws');
    expect((await failureOf(pack(folderWith({ 'plugin.ts': 'export const a = 1' })))).message).to.contain(
      'default export',
    );
    expect((await failureOf(pack(folderWith({})))).message).to.contain('patchbay init');
  });

  it('names what is wrong in the manifest', async () => {
    const failure = await failureOf(pack(folderWith({ 'plugin.ts': pluginTs.replace("'1.0.0'", "'1.0'") })));
    expect(failure.message).to.contain('/version must be a SemVer version (seen: "1.0")');
  });
});

describe('toScript', () => {
  it('makes one script that sets the global the sandbox reads', async () => {
    const script = await toScript('const a = 1; export default { manifest: a, handlers: {} };');
    const context: Record<string, any> = {};
    runInNewContext(script, context);
    expect(context.__patchbay_plugin.default).to.deep.include({ manifest: 1 });
  });

  const refused: [string, string, number][] = [
    ['a static import', 'export default 1;\nimport "x";', 2],
    ['a re-export', 'export { default } from "x";', 1],
    ['a dynamic import', 'export default () => import("x");', 1],
    ['a dynamic import of a computed name', 'const n = "x";\nexport default () => import(n);', 2],
    ['require', 'export default require("fs");', 1],
    ['an indirect require', 'const r = require;\nexport default r("fs");', 1],
    ['top-level await', 'export default 1;\n\nawait null;', 3],
    ['import.meta', 'export default import.meta.url;', 1],
    ['a syntax error', 'export default 1;\nlet = ;', 2],
  ];
  for (const [what, code, line] of refused) {
    it(`refuses ${what}, with its line`, async () => {
      const failure = await failureOf(toScript(code));
      const [error] = (failure.content as { errors: { file: string; line: number; fix: string }[] }).errors;
      expect(error).to.include({ file: 'plugin.js', line });
      expect(error?.fix).to.be.a('string').that.is.not.equal('');
    });
  }

  it('ignores a source map address that the package names itself', async () => {
    const script = await toScript('export default 1;\n//# sourceMappingURL=file:///etc/passwd');
    expect(script).not.to.contain('passwd');
  });
});

describe('signatures', () => {
  const keys = generateKeys();
  const parsed = { ...manifest, manifest_version: 1 as const };

  it('hold for the manifest, whatever the order of its fields', () => {
    const signature = sign(parsed, keys.private_key);
    expect(signature.key_id).to.equal(keys.key_id);
    expect(verify(parsed, signature, keys.public_key)).to.equal(true);
    const turned = Object.fromEntries(Object.entries(parsed).reverse()) as typeof parsed;
    expect(verify(turned, signature, keys.public_key)).to.equal(true);
  });

  it('do not hold when anything changes, or for another key', () => {
    const signature = sign(parsed, keys.private_key);
    expect(verify({ ...parsed, version: '1.0.1' }, signature, keys.public_key)).to.equal(false);
    expect(verify(parsed, signature, generateKeys().public_key)).to.equal(false);
    const turned = `${signature.signature.startsWith('A') ? 'B' : 'A'}${signature.signature.slice(1)}`;
    expect(verify(parsed, { ...signature, signature: turned }, keys.public_key)).to.equal(false);
  });

  it('travel in the package, outside of what they sign', async () => {
    const packed = await pack(folderWith({ 'plugin.ts': pluginTs }), { privateKey: keys.private_key });
    const { manifest: read, signature } = await unpack(packed.bytes);
    expect(signature && verify(read, signature, keys.public_key)).to.equal(true);
    removeFolders();
  });

  it('refuse what is no Ed25519 key, and say what makes one', () => {
    expect(() => sign(parsed, 'secret')).to.throw(Failure, 'patchbay keygen');
    expect(() => verify(parsed, sign(parsed, keys.private_key), 'AAAA')).to.throw(Failure, 'patchbay keygen');
  });
});
