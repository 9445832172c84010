import { expect } from 'chai';
import fc from 'fast-check';
import { checkJson } from '../../sandbox/pool/check-json.ts';
import { mapStack } from '../../sandbox/pool/map-stack.ts';
import type { Frame } from '../../sandbox/protocol.ts';
import { encodeFrame, ForgedFrame, FrameReader, HEADER_BYTES, MAX_BODY_BYTES } from '../../sandbox/protocol.ts';

describe('frames', () => {
  it('arrive as they were sent, however the bytes are cut', () => {
    const frame = fc.record({
      kind: fc.integer({ min: 0, max: 255 }),
      flag: fc.integer({ min: 0, max: 255 }),
      a: fc.integer({ min: 0, max: 0xffffffff }),
      call: fc.integer({ min: 0, max: 0xffffffff }),
      ticket: fc.integer({ min: 0, max: 0xffffffff }),
      parts: fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(200), { maxLength: 20 }),
        (frames, cuts) => {
          const bytes = Buffer.concat(frames.map(({ parts, ...fields }) => encodeFrame(fields, parts)));
          const seen: unknown[] = [];
          const reader = new FrameReader(({ kind, flag, a, call, ticket, parts }: Frame) => {
            seen.push({ kind, flag, a, call, ticket, parts: parts.map(String) });
          });
          let at = 0;
          for (const cut of cuts) {
            reader.push(bytes.subarray(at, at + cut));
            at = Math.min(bytes.length, at + cut);
          }
          reader.push(bytes.subarray(at));
          const sent = frames.map((f) => ({ ...f, parts: f.parts.map((p) => Buffer.from(p).toString()) }));
          expect(seen).to.deep.equal(sent);
        },
      ),
    );
  });

  it('that are longer than allowed are neither sent nor read', () => {
    expect(() => encodeFrame({ kind: 1, call: 1 }, [new Uint8Array(MAX_BODY_BYTES)])).to.throw(RangeError);
    const header = Buffer.alloc(24);
    header.writeUInt32LE(MAX_BODY_BYTES + 1, 0);
    expect(() => new FrameReader(() => {}).push(header)).to.throw(ForgedFrame);
  });

  it('hold nothing that belongs to no part', () => {
    const bytes = encodeFrame({ kind: 1, call: 1 }, ['x']);
    bytes.writeUInt32LE(bytes.readUInt32LE(0) + 1, 0);
    const push = () => new FrameReader(() => {}).push(Buffer.concat([bytes, Buffer.from('y')]));
    expect(push).to.throw(ForgedFrame, 'belong to no part');
  });

  it('have no part that reaches past them', () => {
    const bytes = encodeFrame({ kind: 1, call: 1 }, ['x']);
    bytes.writeUInt32LE(2, HEADER_BYTES + 1);
    expect(() => new FrameReader(() => {}).push(bytes)).to.throw(ForgedFrame, 'reaches past');
  });

  it('have eight parts at most', () => {
    const of = (parts: number) => encodeFrame({ kind: 1, call: 1 }, new Array(parts).fill('x'));
    const seen: number[] = [];
    const reader = new FrameReader(({ parts }: Frame) => void seen.push(parts.length));
    reader.push(of(8));
    expect(seen).to.deep.equal([8]);
    expect(() => reader.push(of(9))).to.throw(ForgedFrame);
  });

  it('of random bytes are refused or wait for more, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new FrameReader(() => {}).push(Buffer.from(bytes));
        } catch (error) {
          expect(error).to.be.instanceOf(ForgedFrame);
        }
      }),
    );
  });
});

describe('an answer of a sandbox process', () => {
  const check = (text: string, limits = { nodes: 1000, depth: 20 }) => checkJson(Buffer.from(text), limits);

  it('passes when it is JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(check(JSON.stringify(value), { nodes: 100_000, depth: 100 })).to.equal(null);
      }),
    );
  });

  it('does not pass unbalanced, too deep or with too many values', () => {
    for (const text of ['[', ']', '{"a":', '"abc', '"\\"', '[[]', '[]]']) expect(check(text), text).to.be.a('string');
    expect(check('['.repeat(21) + ']'.repeat(21))).to.include('deeper');
    expect(check(`[${'1,'.repeat(2000)}1]`)).to.include('more than');
    expect(check('"[[[[[[[[[[[[[[[[[[[[[[[[[[["')).to.equal(null);
  });
});

describe('a stack', () => {
  const image = { name: '@a/b', version: '1.0.0' };
  const frame = (text: string) => mapStack(`Error: x\n    at ${text}`, image);

  it('keeps frames of the plugin and no others', () => {
    expect(frame('go (plugin://@a/b@1.0.0/plugin.js:1:2)')).to.equal('    at go (plugin://@a/b@1.0.0/plugin.js:1:2)');
    expect(frame('async go (plugin://@a/b@1.0.0/plugin.js:1:2)')).to.include('async go');
    for (const other of [
      'f (/etc/passwd:1:1)',
      'f (patchbay:runtime:1:1)',
      'f (plugin://@x/y@1.0.0/plugin.js:1:1)',
      'f (plugin://@a/b@1.0.0/../x.js:1:1)',
    ]) {
      expect(frame(other), other).to.equal(undefined);
    }
  });

  it('survives a source map that is none', () => {
    for (const source_map of [
      '',
      '{',
      '[]',
      'null',
      '{"sources":1}',
      '{"sources":[],"mappings":"!!!!"}',
      '{"sources":["a"],"mappings":"gggggggggggggB"}',
    ]) {
      const mapped = mapStack('    at go (plugin://@a/b@1.0.0/plugin.js:1:2)', { ...image, source_map });
      expect(mapped, source_map).to.match(/^ {4}at go \(plugin:\/\/@a\/b@1\.0\.0\//);
    }
  });
});

describe('the greatest length of a body', () => {
  it('is taken, and one more is refused before a byte of it', () => {
    const header = (size: number) => {
      const bytes = Buffer.alloc(HEADER_BYTES);
      bytes.writeUInt32LE(size, 0);
      return bytes;
    };
    const push = (size: number) => () => new FrameReader(() => {}).push(header(size));
    expect(push(MAX_BODY_BYTES)).not.to.throw();
    expect(push(MAX_BODY_BYTES + 1)).to.throw(ForgedFrame);
    // A body of one part: its number of parts, the length of each, the part.
    const send = (size: number) => () => encodeFrame({ kind: 1, call: 1 }, [new Uint8Array(size - 5)]);
    expect(send(MAX_BODY_BYTES)).not.to.throw();
    expect(send(MAX_BODY_BYTES + 1)).to.throw(RangeError);
  });
});
