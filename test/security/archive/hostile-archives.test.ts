import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { constants, createDeflateRaw, createGzip } from 'node:zlib';
import { expect } from 'chai';
import { Failure } from '../../../sdk/contract/failure.ts';
import { unpack } from '../../../sdk/package/index.ts';
import { sharedHost } from '../../helpers/shared-host.ts';
import { block, good, tar, tgz } from './build-tar.ts';
import { hostile } from './hostile.ts';

describe('A hostile archive', () => {
  for (const [what, reason, make] of hostile) {
    it(`is refused for ${what}`, async () => {
      const error = await unpack(make()).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(Failure);
      expect((error as Failure).code).to.equal('F42306');
      expect((error as Failure).content).to.include({ reason });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be in it
      expect((error as Failure).message).not.to.match(/[\x00-\x1f\u200b\u202e]/);
    });
  }

  it('is told from a good one, also as GNU tar writes it', async () => {
    const plain = await unpack(tgz(good));
    expect([...plain.files.keys()]).to.deep.equal(['plugin.js', 'plugin.json']);
    const gnu = good.map((entry) => ({ ...entry, path: `./${entry.path}`, magic: 'ustar  \0' }));
    const filled = await unpack(tgz([{ path: './', type: '5' }, ...gnu], Buffer.alloc(1_024 + 19 * 512)));
    expect([...filled.files.keys()]).to.deep.equal(['plugin.js', 'plugin.json']);
  });
});

describe('A hostile archive that is published', () => {
  it('is refused by the host with its own reason, each kind, and leaves nothing on disk or in the database', async function () {
    this.timeout(300_000);
    const host = await sharedHost();
    const files = () => readdirSync(host.data, { recursive: true }).sort();
    const told = async () => {
      const { total } = (await host.request('GET', '/registry/log')).body.content;
      const { plugins } = (await host.request('GET', '/plugins/marketplace?size=100')).body.content;
      return { total, names: plugins.map(({ name }: { name: string }) => name) };
    };
    const before = { files: files(), ...(await told()) };
    expect(hostile.length).to.be.at.least(30);
    const wrong: string[] = [];
    for (const [what, reason, make] of hostile) {
      const headers = { 'content-type': 'application/gzip' };
      const bytes = make();
      const answer = await host.request('POST', '/registry/plugins', { bytes, headers });
      const { code, content } = answer.body;
      // What is no upload at all is refused before it is opened; of a manifest the registry tells every mistake.
      const wanted =
        bytes.length === 0
          ? 'F40000'
          : bytes.length > 10 * 1_048_576
            ? 'F40013'
            : `F42306 ${reason === 'manifest_invalid' ? 'manifest' : reason}`;
      const seen = code === 'F42306' ? `F42306 ${content.reason}` : code;
      if (seen !== wanted) wrong.push(`${what}: ${seen}, not ${wanted}`);
    }
    expect(wrong).to.deep.equal([]);
    expect({ files: files(), ...(await told()) }).to.deep.equal(before);
  });
});

const randomBytes20k = randomBytes(20_480);

describe('A bomb', () => {
  /** Gzip of a file of zeros, `size` bytes, made without ever holding them. */
  async function bomb(size: number): Promise<Buffer> {
    const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
    const parts: Buffer[] = [];
    gzip.on('data', (chunk: Buffer) => parts.push(chunk));
    gzip.write(block({ path: 'README.md', size: `${size.toString(8).padStart(11, '0')}\0` }).subarray(0, 512));
    const zeros = Buffer.alloc(1_048_576);
    for (let written = 0; written < size; written += zeros.length) {
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
    }
    gzip.end();
    await new Promise((resolve) => gzip.once('end', resolve));
    return Buffer.concat(parts);
  }

  it('is stopped long before it is unpacked, with flat memory', async () => {
    const packed = await bomb(200 * 1_048_576);
    expect(packed.length).to.be.below(1_048_576);
    const before = process.memoryUsage().rss;
    const error = await unpack(packed).catch((thrown: unknown) => thrown);
    expect((error as Failure).content).to.include({ reason: 'unpacked_too_large' });
    expect(process.memoryUsage().rss - before).to.be.below(64 * 1_048_576);
  });

  it('is stopped when its headers tell the truth and there are many', async () => {
    const entries = Array.from({ length: 40 }, (_, i) => ({
      path: `screenshots/${i}.png`,
      content: Buffer.alloc(1_200_000),
    }));
    const error = await unpack(tgz([...good, ...entries])).catch((thrown: unknown) => thrown);
    expect((error as Failure).content).to.include({ reason: 'bomb' });
  });

  it('is stopped when it stays below the ratio but not below the size', async () => {
    // Twenty random kilobytes, repeated, compress about fifty times: far from a bomb, and yet too much.
    const piece = Buffer.concat(Array.from({ length: 52 }, () => randomBytes20k));
    const entries = Array.from({ length: 55 }, (_, i) => ({ path: `screenshots/${i}.png`, content: piece }));
    const packed = tgz([...good, ...entries]);
    expect(packed.length * 200).to.be.above(55 * piece.length);
    const error = await unpack(packed).catch((thrown: unknown) => thrown);
    expect((error as Failure).content).to.include({ reason: 'unpacked_too_large' });
  });

  it('of ten gigabytes behind a truthful start costs no more than a small one', async () => {
    const long = await tail(tar(good), 10_000);
    expect(long.length).to.be.below(10 * 1_048_576);
    const before = process.memoryUsage().rss;
    const error = await unpack(long).catch((thrown: unknown) => thrown);
    expect((error as Failure).content).to.include({ reason: 'trailing_data' });
    expect(process.memoryUsage().rss - before).to.be.below(64 * 1_048_576);
  });

  /** The start, then `megabytes` of zeros: one compressed piece of zeros is repeated, which deflate allows at a full flush. */
  async function tail(start: Buffer, megabytes: number): Promise<Buffer> {
    const piece = await flushed(Buffer.alloc(1_048_576));
    const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    return Buffer.concat([
      head,
      await flushed(start),
      ...Array.from({ length: megabytes }, () => piece),
      Buffer.from([3, 0]),
      Buffer.alloc(8),
    ]);
  }

  async function flushed(bytes: Buffer): Promise<Buffer> {
    const deflate = createDeflateRaw({ level: 9 });
    const parts: Buffer[] = [];
    deflate.on('data', (chunk: Buffer) => parts.push(chunk));
    deflate.write(bytes);
    await new Promise<void>((resolve) => deflate.flush(constants.Z_FULL_FLUSH, resolve));
    deflate.close();
    return Buffer.concat(parts);
  }
});
