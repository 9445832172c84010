import { expect } from 'chai';
import { openEngine } from '../../core/database/embedded/engine.ts';
import { expireDocuments } from '../../core/database/embedded/storage/expire-documents.ts';
import { encode } from '../../core/database/embedded/values/encode.ts';
import { temporaryFolder } from './engine-process.ts';

describe('expiry in the embedded database', () => {
  it('TTL indexes remove documents whose earliest date is old enough, and no others', async () => {
    const { folder, remove } = temporaryFolder();
    const engine = openEngine(folder);
    const { catalog, queue, direct } = engine;
    const at = (seconds: number) => new Date(1_000_000_000_000 + seconds * 1000);
    const documents = [
      { _id: 'old', at: at(0) },
      { _id: 'new', at: at(100) },
      { _id: 'list', at: [at(500), at(1)] },
      { _id: 'none' },
      { _id: 'text', at: 'long ago' },
      { _id: 'edge', at: at(40) },
      { _id: 'inner', at: 1, list: [{ at: at(500) }, { at: at(0) }] },
    ];
    await queue.submit(() => {
      const collection = catalog.create('test', 'things');
      catalog.addIndex(collection, { v: 2, key: { at: 1 }, name: 'at_1', expireAfterSeconds: 60 });
      catalog.addIndex(collection, { v: 2, key: { 'list.at': -1 }, name: 'inner', expireAfterSeconds: 60 });
      for (const document of documents) direct.insert(collection, document, encode(document));
    });
    expect(await expireDocuments(engine, at(100))).to.equal(4);
    const left = catalog.connection.get(`SELECT count(*) FROM d${catalog.find('test', 'things')?.id}`)?.[0];
    expect(left).to.equal(3);
    engine.close();
    remove();
  });

  it('time series and clustered collections lose what is old wherever it stands, and keep the rest', async () => {
    const { folder, remove } = temporaryFolder();
    const engine = openEngine(folder);
    const { catalog, queue, direct } = engine;
    const at = (seconds: number) => new Date(1_000_000_000_000 + seconds * 1000);
    const count = (name: string) =>
      catalog.connection.get(`SELECT count(*) FROM d${catalog.find('test', name)?.id}`)?.[0];
    await queue.submit(() => {
      const series = catalog.create('test', 'series', { timeseries: { timeField: 't' }, expireAfterSeconds: 60n });
      const clustered = catalog.create('test', 'clustered', { clusteredIndex: {}, expireAfterSeconds: 60n });
      // One that is new stands among 1,201 that are old, which are more than are removed in one commit.
      for (let i = 0; i <= 1201; i++) {
        const time = i === 700 ? at(100) : at(i / 100);
        direct.insert(series, { _id: i, t: time }, encode({ _id: i, t: time }));
        direct.insert(clustered, { _id: time }, encode({ _id: time }));
      }
    });
    expect(await expireDocuments(engine, at(100))).to.equal(2402);
    expect([count('series'), count('clustered')]).to.deep.equal([1, 1]);
    engine.close();
    remove();
  });
});
