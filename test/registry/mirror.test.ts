import { expect } from 'chai';
import { createMarketplace, readLog } from '../../marketplace/index.ts';
import { RemoteCursor } from '../../marketplace/models/remote-cursor.ts';
import { author, packed, withParts } from './parts.ts';

const origin = 'https://registry.example.com';

describe('a mirror', () => {
  const parts = withParts();
  type Line = { index: number; kind: string; subject: string; version: string | null; leaf: string };

  /** This host's own log as a remote registry would show it, with what a thief changes on the way. */
  function seenThrough(change: (lines: Line[]) => Line[], pages: string[] = []) {
    return createMarketplace({
      ...parts.market.parts,
      async fetch(url) {
        pages.push(url);
        const asked = new URL(url);
        if (!asked.pathname.endsWith('/registry/log')) return { status: 404, body: Buffer.from('{}') };
        const { entries, total } = await readLog(Number(asked.searchParams.get('after')), 500);
        const lines = entries.map(({ _id, kind, subject, version, leaf }) => ({
          index: _id,
          kind,
          subject,
          version,
          leaf,
        }));
        const content = { entries: change(lines), total, checkpoint: await parts.market.checkpoint() };
        return { status: 200, body: Buffer.from(JSON.stringify({ content })) };
      },
    });
  }

  const failed = (change: (lines: Line[]) => Line[], pages: string[] = []) =>
    seenThrough(change, pages)
      .followRemote(origin)
      .then(
        () => 'it followed',
        (error: Error) => error.message,
      );

  before(async () => {
    const manifest = { name: '@acme/mirrored', actions: { ping: { title: 'Ping' } } };
    const bytes = await packed(parts.folder, manifest, '{ actions: { async ping() {} } }');
    await parts.market.publish(author, { bytes });
  });

  it('takes nothing from a log in which a line was changed', async () => {
    const pages: string[] = [];
    const change = (lines: Line[]) =>
      lines.map((line) => (line.version ? { ...line, leaf: line.leaf.replace('"digest":"', '"digest":"0') } : line));
    expect(await failed(change, pages)).to.match(/rewritten/);
    expect(
      pages.every((url) => url.includes('/registry/log')),
      'nothing else was read',
    ).to.equal(true);
    expect(await RemoteCursor.countDocuments({})).to.equal(0);
  });

  it('takes nothing from a log that tells another package than it hashed', async () => {
    const change = (lines: Line[]) => lines.map((line) => (line.version ? { ...line, subject: '@acme/other' } : line));
    expect(await failed(change)).to.match(/not what it was hashed from/);
  });

  it('takes nothing from a log that hides its end', async () => {
    expect(await failed((lines) => lines.slice(0, -1))).to.match(/ends before|rewritten|hashed/);
    expect(await RemoteCursor.countDocuments({})).to.equal(0);
  });

  it('refuses a registry that signs with another key than before', async () => {
    await RemoteCursor.create([
      { _id: origin, size: 0, peaks: [], public_key: Buffer.alloc(32).toString('base64'), read_at: new Date() },
    ]);
    expect(await failed((lines) => lines)).to.match(/another key/);
  });
});
