import { expect } from 'chai';
import pino from 'pino';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { MigrationState } from '../../core/database/migration-model.ts';
import { listMigrations, migrate, migrations } from '../../core/database/migrations.ts';
import { connection, model, Schema, trusted } from '../../core/database/mongoose.ts';
import { transaction } from '../../core/database/transaction.ts';
import { temporaryFolder } from './engine-process.ts';

const Note = model(
  'DatabaseTestNote',
  new Schema({ title: { type: String, unique: true }, n: Number }, { versionKey: false }),
);

describe('mongoose on the database', () => {
  const place = temporaryFolder();
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let database: Database;
  before(async () => {
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: place.folder, log, slowMs: 0 });
    await Note.deleteMany({});
    await MigrationState.deleteMany({});
  });
  after(async () => {
    await database.close();
    place.remove();
  });

  it('is connected, and says what it is', () => {
    expect([database.status(), database.kind]).to.deep.equal([
      'connected',
      process.env.MONGODB_URI ? 'mongodb' : 'embedded',
    ]);
  });

  it('has made the indexes of every model, and reported them', async () => {
    expect(Object.keys(await Note.collection.indexInformation())).to.include('title_1');
    if (database.kind === 'embedded')
      expect(
        lines.some(({ model: name, indexes }) => name === 'DatabaseTestNote' && String(indexes) === 'title_1'),
      ).to.equal(true);
  });

  it('refuses a field that the schema does not have', async () => {
    const error = await Note.create({ title: 'x', other: 1 } as never).catch((thrown) => thrown);
    expect(error.name).to.equal('StrictModeError');
  });

  it('takes operators in a filter from outside as values', async () => {
    await Note.create({ title: 'one', n: 1 });
    const error = await Note.find({ title: { $ne: 'x' } }).catch((thrown) => thrown);
    expect(error.name).to.equal('CastError');
    expect(await Note.countDocuments({ title: trusted({ $ne: 'x' }) })).to.equal(1);
  });

  it('undoes everything of a transaction that throws, in nested ones too', async () => {
    const failed = transaction(async () => {
      await Note.create({ title: 'outer' });
      await transaction(async () => {
        await Note.create({ title: 'inner' });
      });
      throw new Error('stop');
    });
    expect((await failed.catch((error) => error)).message).to.equal('stop');
    expect(await Note.countDocuments({ title: trusted({ $in: ['outer', 'inner'] }) })).to.equal(0);
  });

  it('logs a slow command with the names of its fields and never their values', async () => {
    lines.length = 0;
    await Note.findOne({ title: 'a very secret value' });
    const slow = lines.find(({ msg, command }) => msg === 'slow database command' && command === 'find');
    expect(slow).to.deep.include({ fields: ['title'] });
    expect(JSON.stringify(lines)).to.not.include('a very secret value');
  });

  it('make an index anew that an earlier version declared otherwise, and leave what an operator made', async () => {
    await Note.collection.dropIndex('title_1');
    await Note.collection.createIndex({ title: 1 });
    await Note.collection.createIndex({ n: 1 }, { name: 'of_an_operator' });
    await database.close();
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data: place.folder, log, slowMs: 0 });
    const indexes = await Note.collection.indexes();
    expect(indexes.map(({ name, unique }) => [name, unique === true])).to.have.deep.members([
      ['_id_', false],
      ['title_1', true],
      ['of_an_operator', false],
    ]);
  });

  describe('migrations', () => {
    it('run once, in order, and are listed', async () => {
      expect(await migrate()).to.deep.equal(migrations.map(({ version }) => version));
      expect(await migrate()).to.deep.equal([]);
      expect((await listMigrations()).every(({ done, done_at }) => done && done_at)).to.equal(true);
    });

    it('drop the indexes of records that were replaced', async () => {
      const records = connection.collection('records');
      await records.createIndex({ integration_id: 1, stream: 1, parent: 1, key: 1 });
      await records.createIndex({ workspace_id: 1, integration_id: 1, changed_at: 1, _id: 1 });
      await records.createIndex({ mine: 1 });
      const before = (await records.indexes()).map(({ name }) => name);
      await MigrationState.deleteMany({});
      await migrate();
      const after = new Set((await records.indexes()).map(({ name }) => name));
      expect(before.filter((name) => !after.has(name))).to.have.members([
        'integration_id_1_stream_1_parent_1_key_1',
        'workspace_id_1_integration_id_1_changed_at_1__id_1',
      ]);
    });

    it('run once when several nodes start together', async () => {
      await MigrationState.deleteMany({});
      const runs: number[] = [];
      const steps = [1, 2, 3].map((version) => ({
        version,
        title: `step ${version}`,
        run: async () => {
          runs.push(version);
          await new Promise((resolve) => setTimeout(resolve, 20));
        },
      }));
      await Promise.all([migrate(steps), migrate(steps), migrate(steps)]);
      expect(runs).to.deep.equal([1, 2, 3]);
    });

    it('go on where a node was killed, once its lock has run out', async () => {
      await MigrationState.deleteMany({});
      await MigrationState.create({
        _id: 'schema',
        version: 1,
        owner: 'a dead node',
        locked_until: new Date(Date.now() + 300),
        done: [],
      });
      const runs: number[] = [];
      const steps = [1, 2].map((version) => ({
        version,
        title: `step ${version}`,
        run: async () => void runs.push(version),
      }));
      expect(await migrate(steps)).to.deep.equal([2]);
      expect(runs).to.deep.equal([2]);
    });

    it('leave a step that fails undone, to be run again', async () => {
      await MigrationState.deleteMany({});
      let fails = true;
      const steps = [
        {
          version: 1,
          title: 'may fail',
          run: async () => {
            if (fails) throw new Error('no');
          },
        },
      ];
      expect((await migrate(steps).catch((error) => error)).message).to.equal('no');
      fails = false;
      expect(await migrate(steps)).to.deep.equal([1]);
    });

    it('refuse a database of a later version', async () => {
      await MigrationState.deleteMany({});
      await MigrationState.create({ _id: 'schema', version: 99, owner: null, locked_until: null, done: [] });
      expect((await migrate().catch((error) => error)).message).to.include('version 99');
      await MigrationState.deleteMany({});
    });
  });
});
