import { join } from 'node:path';
import { expect } from 'chai';
import { over, withPostOffice } from '../webhooks/post-office.ts';

const preload = join(import.meta.dirname, '../webhooks/rebinding.ts');

// The name of an attacker's webhook leads to an allowed address when it is made and tried first, and then inwards.
describe('A webhook whose name leads elsewhere from attempt to attempt', function () {
  this.timeout(60_000);
  const office = withPostOffice({
    NODE_OPTIONS: `--import=${preload}`,
    REBIND: '127.0.0.1;169.254.169.254;127.0.0.1,10.0.0.1;::ffff:192.168.0.1;127.0.0.1',
  });

  it('is judged at each attempt: nothing reaches an inner address, and the log tells which it was', async () => {
    office.answer('/moves', (_, response) => {
      response.statusCode = office.at('/moves').length === 1 ? 500 : 200;
      response.setHeader('connection', 'close').end();
    });
    const retry_config = { max_retries: 5, retry_delay: 0.05, backoff_multiplier: 1 };
    const webhook = await office.webhook('/moves', { retry_config, host: 'rebind.test' });
    await office.emit();
    const [delivery] = await over(webhook);
    expect(delivery?.status).to.equal('succeeded');
    expect(delivery?.attempts.map(({ status_code, address }) => [status_code, address])).to.deep.equal([
      [500, '127.0.0.1'],
      [null, '169.254.169.254'],
      [null, '10.0.0.1'],
      [null, '::ffff:192.168.0.1'],
      [200, '127.0.0.1'],
    ]);
    for (const attempt of delivery?.attempts.slice(1, 4) ?? []) expect(attempt.error).to.match(/^address_refused/);
    expect(office.at('/moves')).to.have.length(2);
  });
});
