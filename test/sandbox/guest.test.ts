import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';

const GUEST = join(import.meta.dirname, '../../sandbox/guest');
/** The guest's files are plain JavaScript without types; here they are used as what they imitate. */
const guest = async <Shape>(file: string): Promise<Shape> => (await import(join(GUEST, file))) as Shape;

const BASES = [
  undefined,
  'https://a.com/b/c?d#e',
  'http://u:p@x.org:8080/',
  'file:///C:/a/b',
  'mailto:x@y',
  'foo://h/p/q',
];
const INPUTS = [
  '',
  '/',
  '//',
  'x',
  '../y',
  './',
  '?q=1 2',
  '#f',
  'http:',
  'http:x',
  'http:/x',
  'http://',
  'https://EXAMPLE.com:443/../a/./b/%2e%2e/c',
  'http://0x7f.1',
  'http://1.2.3.4.5',
  'http://256',
  'http://2130706433',
  'http://[::1]:3',
  'http://[1::0:0:2]/',
  'http://a b',
  'https://münchen.de/ü?ü#ü',
  'https://faß.de',
  'http://日本.jp',
  'foo:bar baz',
  'foo:/a/../..//b',
  'javascript:alert(1)',
  'file:c:\\x',
  'file:///C|/../x',
  'data:text/plain,hi',
  'http://a@b@c/',
  'http://:p@h',
  'http://h:99999',
  'http://h:80',
  '\thttp://a\n',
  'http:\\\\a\\b',
  'http://a/?\'"<>',
  'http://a/{}|^`"',
  'http://%00',
  'http://a%2fb',
  'http://１２７.０.０.１',
  'http://a.com./',
  '//x',
  '///x',
  '\\\\x',
  '/\\x',
  'http://[1::2::3]',
  'https:a',
  'https:///c',
  'foo:///',
  'file:',
  'http://😀.com',
  'http://a/😀',
  'http://08',
  'http://a.0x1g',
];

describe('the guest’s web platform', () => {
  it('parses addresses as Node does', async () => {
    const { URL: Guest } = await guest<{ URL: typeof URL }>('url.js');
    const read = (Class: typeof URL, input: string, base?: string) => {
      try {
        const u = new Class(input, base);
        return [u.href, u.origin, u.host, u.pathname, u.search, u.hash, u.username, u.password, u.port];
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const base of BASES) {
      for (const input of INPUTS)
        expect(read(Guest, input, base), `${input} on ${base}`).to.deep.equal(read(URL, input, base));
    }
  });

  it('parses what nobody thought of as Node does', async () => {
    const { URL: Guest } = await guest<{ URL: typeof URL }>('url.js');
    const pieces = fc.constantFrom(
      'http:',
      'https:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '?',
      '#',
      'a',
      'B',
      '.',
      '..',
      '%2e',
      '80',
      '[',
      ']',
      '::1',
      ' ',
      '%',
      'ü',
      '*',
      "'",
      '"',
      '|',
      ';',
    );
    const href = (Class: typeof URL, text: string) => Class.parse(text, 'https://base.example/x/y')?.href ?? null;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (list) => {
        expect(href(Guest, list.join(''))).to.equal(href(URL, list.join('')));
      }),
      { numRuns: 3000 },
    );
  });

  it('changes addresses as Node does', async () => {
    const { URL: Guest } = await guest<{ URL: typeof URL }>('url.js');
    const change = (Class: typeof URL) => {
      const u = new Class('https://user@a.com:8080/p?x=1#h');
      const seen: string[] = [];
      const step = (act: () => void) => {
        act();
        seen.push(u.href);
      };
      step(() => {
        u.pathname = '/a b/../c';
      });
      step(() => {
        u.search = 'q=ü&r=1';
      });
      step(() => u.searchParams.append('s', 'a b'));
      step(() => u.searchParams.delete('q'));
      step(() => {
        u.search = '';
      });
      step(() => {
        u.hash = 'x y';
      });
      step(() => {
        u.port = '443';
      });
      step(() => {
        u.host = 'b.com:99';
      });
      step(() => {
        u.hostname = 'c.com';
      });
      step(() => {
        u.protocol = 'http';
      });
      step(() => {
        u.protocol = 'foo';
      });
      step(() => {
        u.username = 'm@n';
      });
      step(() => {
        u.password = '';
      });
      return seen;
    };
    expect(change(Guest)).to.deep.equal(change(URL));
  });

  it('reads and writes queries as Node does', async () => {
    const { URLSearchParams: Guest } = await guest<{ URLSearchParams: typeof URLSearchParams }>('url.js');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ maxLength: 30 }), (text, other) => {
        const write = (Class: typeof URLSearchParams) => {
          const p = new Class(text);
          p.append(other, text);
          p.sort();
          return [p.toString(), [...p], p.size];
        };
        expect(write(Guest)).to.deep.equal(write(URLSearchParams));
      }),
    );
  });

  it('encodes and decodes text as Node does, by chunks of any size too', async () => {
    const text = await guest<{ TextEncoder: typeof TextEncoder; TextDecoder: typeof TextDecoder }>('text.js');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, cut) => {
        for (const label of ['utf-8', 'utf-16le', 'latin1']) {
          expect(new text.TextDecoder(label).decode(bytes)).to.equal(new TextDecoder(label).decode(bytes));
          const ours = new text.TextDecoder(label);
          const theirs = new TextDecoder(label);
          const parts = [bytes.subarray(0, cut), bytes.subarray(cut)];
          const read = (decoder: TextDecoder) =>
            parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
          expect(read(ours)).to.equal(read(theirs));
        }
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        expect(new text.TextEncoder().encode(value)).to.deep.equal(new TextEncoder().encode(value));
      }),
    );
  });

  it('hashes as Node does', async () => {
    const { digest } = await guest<{ digest(algorithm: string, bytes: Uint8Array): Uint8Array }>('hash.js');
    for (const length of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 127, 128, 129, 1000]) {
      const bytes = new Uint8Array(randomBytes(length));
      for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
        expect(Buffer.from(digest(name, bytes)).toString('hex'), `${name} of ${length}`).to.equal(
          createHash(name).update(bytes).digest('hex'),
        );
      }
    }
  });

  it('draws random bytes that do not repeat', async () => {
    const { makeRandom } = await guest<{ makeRandom(seed: Uint8Array): (target: Uint8Array) => Uint8Array }>(
      'random.js',
    );
    const random = makeRandom(new Uint8Array(32));
    const draws = new Set(Array.from({ length: 200 }, () => Buffer.from(random(new Uint8Array(16))).toString('hex')));
    expect(draws.size).to.equal(200);
    expect(makeRandom(new Uint8Array(32).fill(1))(new Uint8Array(8))).not.to.deep.equal(
      makeRandom(new Uint8Array(32))(new Uint8Array(8)),
    );
  });

  it('clones as Node does, rings and shared parts included', async () => {
    const { structuredClone: ours } = await guest<{ structuredClone: typeof structuredClone }>('structured-clone.js');
    const ring: Record<string, unknown> = {
      date: new Date(5),
      map: new Map([[{ a: 1 }, new Set([1])]]),
      list: [1, undefined, 3],
      re: /x/gi,
    };
    ring.self = ring;
    ring.bytes = new Uint8Array([1, 2, 3]).subarray(1);
    const copy = ours(ring);
    expect(copy.self).to.equal(copy);
    expect(copy).to.deep.equal(structuredClone(ring));
    expect(() => ours(() => 1)).to.throw('cannot be cloned');
  });

  it('joins header values, sorts names and refuses line breaks', async () => {
    const { Headers: Guest } = await guest<{ Headers: typeof Headers }>('headers.js');
    const fill = (Class: typeof Headers) => {
      const h = new Class({ 'X-B': '2', 'x-a': ' 1 ' });
      h.append('X-A', '3');
      h.set('Content-Type', 'text/plain');
      h.delete('x-b');
      return [[...h], h.get('X-a'), h.has('none')];
    };
    expect(fill(Guest)).to.deep.equal(fill(Headers));
    expect(() => new Guest({ a: 'b\r\nc' })).to.throw(TypeError);
    expect(() => new Guest({ 'a b': 'c' })).to.throw(TypeError);
  });
});
