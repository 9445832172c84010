import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Document, deserialize, Long, serialize, UUID } from 'bson';
import { expect } from 'chai';
import { type Embedded, startEmbedded } from '../../core/database/embedded/start-embedded.ts';
import { crc32c } from '../../core/database/embedded/wire/crc32c.ts';
import { temporaryFolder } from './engine-process.ts';
import { randomFrom } from './plans.ts';

describe('the wire protocol of the embedded database', () => {
  const place = temporaryFolder();
  let engine: Embedded;
  let socket: Socket;
  before(async () => {
    engine = await startEmbedded({ folder: place.folder, log: { error: () => {}, warn: () => {} } });
  });
  after(async () => {
    await engine.close();
    place.remove();
  });
  beforeEach((done) => {
    socket = connect(join(place.folder, 'db.sock'), done);
  });
  afterEach(() => socket.destroy());

  const message = (code: number, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts);
    const header = Buffer.alloc(16);
    header.writeInt32LE(16 + body.length, 0);
    header.writeInt32LE(77, 4);
    header.writeInt32LE(code, 12);
    return Buffer.concat([header, body]);
  };
  const reply = () =>
    new Promise<Buffer>((resolve) => {
      let held = Buffer.alloc(0);
      const take = (data: Buffer) => {
        held = Buffer.concat([held, data]);
        if (held.length < 4 || held.length < held.readInt32LE(0)) return;
        socket.off('data', take);
        resolve(held);
      };
      socket.on('data', take);
    });
  const flags = (value: number) => Buffer.from([value, 0, 0, 0]);
  const body = (command: object) => Buffer.concat([Buffer.from([0]), serialize(command)]);
  const bodyOf = (answer: Buffer) => deserialize(answer.subarray(21));

  it('answers OP_MSG with the id of the request', async () => {
    socket.write(message(2013, flags(0), body({ ping: 1, $db: 'test' })));
    const answer = await reply();
    expect([answer.readInt32LE(8), answer.readInt32LE(12), bodyOf(answer).ok]).to.deep.equal([77, 2013, 1]);
  });

  const ask = async (command: object) => {
    socket.write(message(2013, flags(0), body({ ...command, $db: 'test' })));
    return bodyOf(await reply());
  };

  /** A reply is made anew of what is remembered: only the times that all have are those of now. */
  const withoutTimes = ({ operationTime, $clusterTime, ...reply }: Document) => {
    expect([operationTime, $clusterTime.clusterTime]).to.deep.equal([operationTime, operationTime]);
    return reply;
  };

  it('answers a repeated write and a repeated commit alike after a restart, and does neither twice', async () => {
    const lsid = { id: new UUID() };
    const write = { insert: 'retried', documents: [{ a: 1 }], lsid, txnNumber: Long.fromNumber(1) };
    const within = { lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1), autocommit: false };
    const first = await ask(write);
    await ask({ insert: 'retried', documents: [{ a: 1 }], ...within, startTransaction: true });
    await ask({ commitTransaction: 1, ...within, $db: 'admin' });
    await engine.close();
    engine = await startEmbedded({ folder: place.folder, log: { error: () => {}, warn: () => {} } });
    socket = connect(join(place.folder, 'db.sock'));
    expect([first.n, withoutTimes(await ask(write))]).to.deep.equal([1, withoutTimes(first)]);
    expect((await ask({ commitTransaction: 1, ...within })).ok).to.equal(1);
    expect((await ask({ count: 'retried' })).n).to.equal(2);
    expect((await ask({ ...write, txnNumber: Long.fromNumber(0) })).code).to.equal(225);
  });

  it('keeps a date that JavaScript has no Date for when its document is changed', async () => {
    const last = 2n ** 63n - 1n;
    const insert = body({ insert: 'dates', documents: [{ _id: 1, at: new Date(123456789) }], $db: 'test' });
    insert.writeBigInt64LE(last, insert.indexOf(Buffer.from('at\0')) + 3);
    socket.write(message(2013, flags(0), insert));
    expect(bodyOf(await reply()).n).to.equal(1);
    expect((await ask({ update: 'dates', updates: [{ q: { _id: 1 }, u: { $set: { b: 1 } } }] })).nModified).to.equal(1);
    socket.write(message(2013, flags(0), body({ find: 'dates', filter: { at: { $gt: new Date() } }, $db: 'test' })));
    const found = await reply();
    expect(found.readBigInt64LE(found.indexOf(Buffer.from('at\0')) + 3)).to.equal(last);
  });

  it('answers a legacy hello with OP_REPLY', async () => {
    const query = Buffer.concat([
      Buffer.from([0, 0, 0, 0]),
      Buffer.from('admin.$cmd\0'),
      Buffer.from([0, 0, 0, 0, 255, 255, 255, 255]),
    ]);
    socket.write(message(2004, query, serialize({ isMaster: 1 })));
    const answer = await reply();
    expect(answer.readInt32LE(12)).to.equal(1);
    expect(deserialize(answer.subarray(36)).ismaster).to.equal(true);
  });

  it('takes a message that comes byte by byte', async () => {
    const whole = message(2013, flags(0), body({ ping: 1, $db: 'test' }));
    const answered = reply();
    for (const byte of whole) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bodyOf(await answered).ok).to.equal(1);
  });

  it('takes a checksum that is right and refuses one that is wrong', async () => {
    const parts = message(2013, flags(1), body({ ping: 1, $db: 'test' }), Buffer.alloc(4));
    parts.writeUInt32LE(crc32c(parts.subarray(0, -4)), parts.length - 4);
    socket.write(parts);
    expect(bodyOf(await reply()).ok).to.equal(1);
    parts.writeUInt32LE(1, parts.length - 4);
    socket.write(parts);
    expect(bodyOf(await reply())).to.deep.include({ ok: 0, code: 22 });
  });

  it('knows the checksum of RFC 3720', () => {
    expect(crc32c(Buffer.from('123456789'))).to.equal(0xe3069283);
  });

  it('takes documents in a sequence', async () => {
    const documents = Buffer.concat([serialize({ _id: 1 }), serialize({ _id: 2 })]);
    const section = Buffer.concat([Buffer.from([1]), Buffer.alloc(4), Buffer.from('documents\0'), documents]);
    section.writeInt32LE(section.length - 1, 1);
    socket.write(message(2013, flags(0), body({ insert: 'things', $db: 'test' }), section));
    expect(bodyOf(await reply()).n).to.equal(2);
  });

  it('refuses BSON that is not well formed, and goes on', async () => {
    const broken = Buffer.from(serialize({ insert: 'things', documents: [{ a: 'text' }], $db: 'test' }));
    broken.writeInt32LE(1000, broken.indexOf('text') - 4);
    socket.write(message(2013, flags(0), Buffer.from([0]), broken));
    expect(bodyOf(await reply())).to.deep.include({ ok: 0, code: 22 });
    socket.write(message(2013, flags(0), body({ ping: 1, $db: 'test' })));
    expect(bodyOf(await reply()).ok).to.equal(1);
  });

  it('does not answer where no answer is wanted', async () => {
    socket.write(message(2013, flags(2), body({ insert: 'quiet', documents: [{ _id: 1 }], $db: 'test' })));
    socket.write(message(2013, flags(0), body({ count: 'quiet', $db: 'test' })));
    expect(bodyOf(await reply()).n).to.equal(1);
  });

  it('answers a write that nobody wants confirmed without what became of it', async () => {
    const writeConcern = { w: 0 };
    const documents = [{ _id: 1 }, { _id: 1 }];
    const inserted = await ask({ insert: 'silent', documents, writeConcern });
    expect(inserted).to.deep.include({ n: 0, ok: 1 }).and.not.have.property('writeErrors');
    const updates = [{ q: { _id: 1 }, u: { $set: { a: 1 } } }];
    const updated = await ask({ update: 'silent', updates, writeConcern });
    expect(updated).to.deep.include({ n: 0, nModified: 0, ok: 1 });
    expect(await ask({ count: 'silent', query: { a: 1 } })).to.deep.include({ n: 1 });
  });

  it('refuses other operations of the protocol', async () => {
    socket.write(message(2002, Buffer.alloc(8)));
    expect(bodyOf(await reply()).code).to.equal(352);
  });

  it('survives 400 damaged messages', async () => {
    const random = randomFrom(20260727);
    const commands = [
      { insert: 'damaged', documents: [{ _id: 1, a: [1, 'x', { b: new Date(0) }], r: /x/i }], $db: 'test' },
      {
        find: 'damaged',
        filter: { a: { $gt: 1, $in: [1, 2] } },
        sort: { a: 1 },
        projection: { a: 1 },
        limit: 5,
        $db: 'test',
      },
      {
        update: 'damaged',
        updates: [{ q: { a: 1 }, u: { $set: { 'b.c': 1 }, $push: { d: 1 } }, upsert: true }],
        $db: 'test',
      },
      { aggregate: 'damaged', pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }], cursor: {}, $db: 'test' },
      { createIndexes: 'damaged', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db: 'test' },
    ];
    const thread = engine.thread();
    for (let i = 0; i < 400; i++) {
      const damaged = message(2013, flags(0), body(commands[i % commands.length] ?? {}));
      for (let j = Math.floor(random() * 3); j >= 0; j--) {
        damaged[16 + Math.floor(random() * (damaged.length - 16))] = Math.floor(random() * 256);
      }
      // A flag may say that no answer is wanted.
      damaged[16] = 0;
      const one = connect(join(place.folder, 'db.sock'));
      one.on('error', () => {});
      await new Promise((resolve) => {
        one.once('data', resolve);
        one.once('close', resolve);
        one.write(damaged);
      });
      one.destroy();
    }
    socket.write(message(2013, flags(0), body({ ping: 1, $db: 'test' })));
    expect(bodyOf(await reply()).ok).to.equal(1);
    expect(engine.thread()).to.equal(thread);
  });

  it('a field named __proto__ is a field', async () => {
    const document = JSON.parse('{"_id": 5, "__proto__": {"polluted": true}}');
    socket.write(message(2013, flags(0), body({ insert: 'proto', documents: [document], $db: 'test' })));
    expect(bodyOf(await reply()).n).to.equal(1);
    socket.write(message(2013, flags(0), body({ find: 'proto', filter: { '__proto__.polluted': true }, $db: 'test' })));
    expect(bodyOf(await reply()).cursor.firstBatch).to.have.length(1);
  });
});
