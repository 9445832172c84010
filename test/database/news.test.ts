import { expect } from 'chai';
import { announce, followNews, type NewsLoop } from '../../core/database/news.ts';
import { News } from '../../core/database/news-model.ts';
import { transaction } from '../../core/database/transaction.ts';
import { withDatabase } from '../helpers/database.ts';
import { until } from '../jobs/jobs.ts';

const hour = 3_600_000;

describe('news', () => {
  withDatabase();
  let loop: NewsLoop;
  const heard: (string | null)[] = [];
  before(() => {
    loop = followNews({ everyMs: 50 });
    loop.on((workspace) => void heard.push(workspace));
  });
  after(() => loop.stop());
  beforeEach(() => void heard.splice(0));
  /** What another node's announcement leaves in the database; the loop here has not said it itself. */
  const elsewhere = (workspace: string, at = new Date()) =>
    News.updateOne({ _id: workspace }, { $inc: { version: 1 }, $set: { at } }, { upsert: true });

  it('drops all that was kept before the first look, which may have been out of date already', async () => {
    await until(() => loop.alive());
    const late = followNews({ everyMs: 3_600_000 });
    await until(() => heard.includes(null));
    expect(late.alive()).to.equal(true);
  });

  it('of this node are heard at once when their transaction is committed, and never when it is undone', async () => {
    const undone = transaction(async () => {
      await announce('undone');
      throw new Error('undo');
    });
    await undone.catch(() => {});
    expect(await News.countDocuments({ _id: 'undone' })).to.equal(0);
    await transaction(async () => {
      await announce('w1');
      expect(heard).to.not.include('w1');
    });
    expect(heard).to.include('w1').and.not.include('undone');
  });

  it('raise the version of their workspace by one each', async () => {
    await announce('counted');
    await announce('counted');
    expect((await News.findById('counted').lean())?.version).to.equal(2);
  });

  it('of other nodes are heard, each change of one workspace', async () => {
    for (let round = 0; round < 3; round += 1) {
      heard.length = 0;
      await elsewhere('w2');
      await until(() => heard.includes('w2'));
    }
  });

  it('are heard again within seconds of the database’s clock being set back', async function () {
    this.timeout(30_000);
    await elsewhere('ahead', new Date(Date.now() + 25 * hour));
    await until(() => heard.includes('ahead'));
    await elsewhere('behind');
    await until(() => heard.includes('behind'));
  });
});
