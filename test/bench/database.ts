import { statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { serialize } from 'bson';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import { startEmbedded } from '../../core/database/embedded/start-embedded.ts';
import { encodeKey } from '../../core/database/embedded/values/key.ts';
import { cursorReply } from '../../core/database/embedded/wire/cursor-reply.ts';
import { readMessage, writeReply } from '../../core/database/embedded/wire/message.ts';
import { temporaryFolder } from '../database/engine-process.ts';

// The speed of the embedded database, as ratios taken in one run on one machine, and the floors that it must keep:
// batch insert ≥ 0.35 of bare node:sqlite writing the same rows; find by index ≥ 0.4 of the same driver against a server
// that answers at once with one document; the main loop stalls < 20 ms during a full scan.

const COUNT = Number(process.env.DOCUMENTS ?? 100_000);
const CLIENTS = 32;
const silent = { error: () => {}, warn: () => {} };

function makeDocument(i: number): Document {
  return {
    _id: new ObjectId(),
    workspace: `wsp_${i % 50}`,
    state: i % 10 ? 'done' : 'waiting',
    at: new Date(1_700_000_000_000 + i * 1000),
    n: i,
    title: `the title of document ${i}`,
    tags: ['a', `t${i % 7}`],
    data: { url: `https://example.com/items/${i}`, count: i % 100, ok: i % 3 === 0 },
  };
}

/** How many times a second something can be done by so many at once. */
async function perSecond(total: number, atOnce: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < total) await work(next++);
    }),
  );
  return (total / (performance.now() - start)) * 1000;
}

/** Writes the same rows with node:sqlite: the documents, and the keys of their indexes. */
function bareInserts(folder: string, batches: Document[][]): number {
  const sqlite = new DatabaseSync(join(folder, 'bare.sqlite'));
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE d (r INTEGER PRIMARY KEY, doc BLOB)');
  for (const name of ['i1', 'i2', 'i3'])
    sqlite.exec(`CREATE TABLE ${name} (k BLOB, r INTEGER, PRIMARY KEY (k, r)) WITHOUT ROWID`);
  const rows = batches.map((batch) =>
    batch.map((document) => ({
      doc: serialize(document),
      keys: [[document._id], [document.n], [document.workspace, document.at]].map((values) => encodeKey(values)),
    })),
  );
  const insert = sqlite.prepare('INSERT INTO d (r, doc) VALUES (?, ?)');
  const keys = ['i1', 'i2', 'i3'].map((name) => sqlite.prepare(`INSERT INTO ${name} (k, r) VALUES (?, ?)`));
  let row = 0;
  const start = performance.now();
  for (const batch of rows) {
    sqlite.exec('BEGIN');
    for (const { doc, keys: made } of batch) {
      insert.run(++row, doc);
      for (const [i, statement] of keys.entries()) statement.run(made[i] as Buffer, row);
    }
    sqlite.exec('COMMIT');
  }
  const rate = (row / (performance.now() - start)) * 1000;
  sqlite.close();
  return rate;
}

/** A server that answers hello as it must and every other command with one fixed document: what the driver itself costs. */
async function stubServer(folder: string): Promise<{ uri: string; close: () => void }> {
  const path = join(folder, 'stub.sock');
  const hello = serialize({
    isWritablePrimary: true,
    ok: 1,
    maxWireVersion: 21,
    minWireVersion: 0,
    maxBsonObjectSize: 16777216,
    maxMessageSizeBytes: 48000000,
    maxWriteBatchSize: 100000,
    setName: 'stub',
    hosts: [path],
    me: path,
    logicalSessionTimeoutMinutes: 30,
  });
  const fixed = cursorReply('firstBatch', [Buffer.from(serialize(makeDocument(1)))], 0n, 'bench.things');
  const server = createServer((socket) => {
    let held: Buffer = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      held = Buffer.concat([held, data]);
      while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
        const message = held.subarray(0, held.readInt32LE(0));
        held = held.subarray(message.length);
        const incoming = readMessage(message);
        const reply = 'find' in incoming.command ? fixed : Buffer.from(hello);
        for (const part of writeReply(reply, incoming)) socket.write(part);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { uri: `mongodb://${encodeURIComponent(path)}/bench?directConnection=true`, close: () => server.close() };
}

async function main(): Promise<void> {
  const place = temporaryFolder();
  const engine = await startEmbedded({ folder: join(place.folder, 'database'), log: silent });
  const client = await MongoClient.connect(engine.uri, { maxPoolSize: CLIENTS });
  const things = client.db('bench').collection<Document>('things');
  await things.createIndexes([{ key: { n: 1 } }, { key: { workspace: 1, at: 1 } }]);
  const result: Record<string, number> = {};
  const broken: string[] = [];
  const keep = (what: string, holds: boolean) => void (holds || broken.push(what));

  const documents = Array.from({ length: COUNT }, (_, i) => makeDocument(i));
  const batches = Array.from({ length: Math.ceil(COUNT / 1000) }, (_, i) => documents.slice(i * 1000, (i + 1) * 1000));
  const bare = bareInserts(place.folder, batches);
  const inserted = (await perSecond(batches.length, 4, (i) => things.insertMany(batches[i] as Document[]))) * 1000;
  result['inserts per second, in batches of 1000'] = inserted;
  result['… of bare node:sqlite writing the same rows (floor 0.35)'] = inserted / bare;
  result['inserts per second, one by one'] = await perSecond(5000, CLIENTS, (i) =>
    client.db('bench').collection('single').insertOne(makeDocument(i)),
  );

  const stub = await stubServer(place.folder);
  const stubClient = await MongoClient.connect(stub.uri, { maxPoolSize: CLIENTS });
  const stubThings = stubClient.db('bench').collection<Document>('things');
  const at = (i: number) => (i * 7919) % COUNT;
  for (let warm = 0; warm < 2; warm++) {
    const floor = await perSecond(15_000, CLIENTS, (i) => stubThings.findOne({ n: at(i) }));
    const byIndex = await perSecond(15_000, CLIENTS, (i) => things.findOne({ n: at(i) }));
    const byId = await perSecond(15_000, CLIENTS, (i) => things.findOne({ _id: documents[at(i)]?._id }));
    result['finds by index per second'] = byIndex;
    result['… of the driver against a server that answers at once (floor 0.4)'] = byIndex / floor;
    result['finds by id per second'] = byId;
  }
  result['pages of 50 by index and order per second'] = await perSecond(1000, CLIENTS, (i) =>
    things
      .find({ workspace: `wsp_${i % 50}` })
      .sort({ at: -1 })
      .limit(50)
      .toArray(),
  );
  result['claims per second (findOneAndUpdate)'] = await perSecond(3000, CLIENTS, (i) =>
    things.findOneAndUpdate({ n: at(i), state: { $ne: 'taken' } }, { $set: { state: 'taken' } }),
  );

  // What garbage of the bench itself and other programs cost, to compare with.
  const idle = monitorEventLoopDelay({ resolution: 1 });
  idle.enable();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  idle.disable();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const scans = await perSecond(3, 1, () => things.countDocuments({ 'data.url': 'nowhere' }));
  delay.disable();
  result['documents scanned per second without an index'] = scans * COUNT;
  result["the main loop's longest stall during full scans, in ms (ceiling 20)"] = delay.max / 1e6;

  await client.close();
  await stubClient.close();
  stub.close();
  await engine.close();
  const restart = performance.now();
  const again = await startEmbedded({ folder: join(place.folder, 'database'), log: silent });
  result['start with all documents, in ms'] = performance.now() - restart;
  const opening = performance.now();
  const file = new DatabaseSync(join(place.folder, 'database', 'patchbay.sqlite'));
  file.prepare('SELECT count(*) FROM collections').get();
  result['… opening the bare file, in ms'] = performance.now() - opening;
  file.close();
  await again.close();
  result['resident memory of this process with the engine, in MB'] = process.memoryUsage.rss() / 1048576;
  result['size of the file, in MB'] = statSync(join(place.folder, 'database', 'patchbay.sqlite')).size / 1048576;
  place.remove();
  keep('batch insert', inserted / bare >= 0.35);
  keep('find by index', (result['… of the driver against a server that answers at once (floor 0.4)'] ?? 0) >= 0.4);
  keep('stall of the main loop', delay.max < 20e6);
  result['… without any scan, in ms'] = idle.max / 1e6;
  for (const [name, value] of Object.entries(result)) {
    process.stdout.write(`${name.padEnd(78)} ${value < 100 ? value.toFixed(2) : Math.round(value)}\n`);
  }
  if (broken.length) {
    process.stdout.write(`Broken: ${broken.join(', ')}\n`);
    process.exitCode = 1;
  }
}

await main();
