import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, EJSON } from 'bson';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { backup, restore } from '../../core/database/embedded/backup.ts';
import { doctor } from '../../core/database/embedded/doctor.ts';
import { exportCollections } from '../../core/database/embedded/export-collections.ts';
import { type Embedded, startEmbedded } from '../../core/database/embedded/start-embedded.ts';
import { temporaryFolder } from './engine-process.ts';

const silent = { error: () => {}, warn: () => {} };

describe('care of the embedded database', () => {
  let place: ReturnType<typeof temporaryFolder>;
  let folder: string;
  let engine: Embedded;
  let client: MongoClient;
  const things = () => client.db('test').collection('things');
  const open = async () => {
    engine = await startEmbedded({ folder, log: silent });
    client = await MongoClient.connect(engine.uri);
  };
  const close = async () => {
    await client.close();
    await engine.close();
  };
  beforeEach(async () => {
    place = temporaryFolder();
    folder = join(place.folder, 'database');
    await open();
    await things().createIndex({ a: 1 }, { unique: true });
    await things().insertMany(Array.from({ length: 1200 }, (_, a) => ({ _id: a as never, a, text: `text ${a}` })));
  });
  afterEach(async () => {
    await close();
    place.remove();
  });

  it('a backup is of one moment, while writers go on, and comes back as it was', async () => {
    const file = join(place.folder, 'copy', 'backup.sqlite');
    const writing = things().insertMany(Array.from({ length: 2000 }, (_, i) => ({ a: 10_000 + i })));
    backup(folder, file);
    await writing;
    const later = await things().countDocuments({});
    expect(() => backup(folder, file)).to.throw('exists already');
    expect(() => restore(folder, file)).to.throw('in use');
    await close();
    const former = restore(folder, file);
    expect(former).to.be.a('string');
    await open();
    expect([1200, later]).to.include(await things().countDocuments({}));
    expect((await things().indexes()).length).to.equal(2);
    expect(doctor(folder).findings).to.deep.equal([]);
  });

  it('a file that is no backup, or one of a later format, is refused, and the database stays', async () => {
    await close();
    const file = join(place.folder, 'other.sqlite');
    new DatabaseSync(file).exec('CREATE TABLE x (y)');
    expect(() => restore(folder, file)).to.throw('no backup of Patchbay');
    const later = join(place.folder, 'later.sqlite');
    backup(folder, later);
    new DatabaseSync(later).exec('UPDATE format SET version = 99');
    expect(() => restore(folder, later)).to.throw('has format 99');
    await open();
    expect(await things().countDocuments({})).to.equal(1200);
  });

  it('an export has every document as BSON, and options and indexes as JSON', () => {
    const to = join(place.folder, 'dump');
    expect(exportCollections(folder, to)).to.deep.equal({ 'test.things': 1200 });
    const bytes = readFileSync(join(to, 'test', 'things.bson'));
    const size = bytes.readInt32LE(0);
    expect(deserialize(bytes.subarray(0, size))).to.deep.equal({ _id: 0, a: 0, text: 'text 0' });
    const metadata = EJSON.parse(readFileSync(join(to, 'test', 'things.metadata.json'), 'utf8'));
    expect(metadata.indexes.map(({ name }: { name: string }) => name)).to.deep.equal(['_id_', 'a_1']);
  });

  it('the doctor finds nothing in a sound database', () => {
    expect(doctor(folder)).to.deep.include({ collections: 1, documents: 1200, keys: 2400, findings: [] });
  });

  it('the doctor finds keys that are missing or too many, and builds the index anew', async () => {
    await close();
    const file = new DatabaseSync(join(folder, 'patchbay.sqlite'));
    const [index] = file
      .prepare(
        "SELECT name FROM sqlite_schema WHERE name LIKE 'i%' AND type = 'table' AND sql LIKE '%k BLOB%' ORDER BY name DESC LIMIT 1",
      )
      .all() as { name: string }[];
    file.exec(`DELETE FROM ${index?.name} WHERE r <= 5; INSERT INTO ${index?.name} (k, r) VALUES (x'00', 99999)`);
    file.close();
    expect(doctor(folder).findings.map(({ problem }) => problem)).to.deep.equal([
      '5 keys are missing and 1 belong to no document',
    ]);
    expect(doctor(folder, { repair: true }).rebuilt).to.deep.equal(['test.things a_1']);
    expect(doctor(folder).findings).to.deep.equal([]);
    await open();
    expect(await things().countDocuments({ a: 3 })).to.equal(1);
  });
});
