import { type RunningHost, startHost } from '../helpers/host.ts';
import { killDuringWrites } from '../helpers/kill-during-writes.ts';

const rounds = Number(process.env.ROUNDS ?? 50);

describe('the host, killed again and again', () => {
  let host: RunningHost;
  before(async () => {
    host = await startHost();
  });
  after(() => host.remove());

  for (let round = 1; round <= rounds; round += 1) {
    it(`round ${round}: kill -9 in the middle of writes loses nothing that was acknowledged`, () =>
      killDuringWrites(host, round));
  }
});
