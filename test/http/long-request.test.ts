import events from 'node:events';
import { mock } from 'node:test';
import { expect } from 'chai';
import Koa from 'koa';
import { once } from '../../core/http/idempotency.ts';
import { IdempotentAnswer } from '../../core/http/idempotency-model.ts';
import { request } from '../../core/http/request.ts';
import { route } from '../../core/http/route.ts';
import { createRouter } from '../../core/http/router.ts';
import { serve } from '../../core/http/serve.ts';
import { log } from '../../core/log.ts';
import { withAccess } from '../access/serve-access.ts';

describe('a request that goes wrong or takes long', () => {
  withAccess();

  it('stays known as running for as long as it runs, then answers its second asker', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const asked = {
        key: 'k',
        caller: 'usr_a',
        workspace_id: 'wsp_a',
        method: 'POST',
        path: '/x?',
        body: Buffer.from('{}'),
      };
      let finish = (_: object) => {};
      let runs = 0;
      const run = () => {
        runs += 1;
        return new Promise<object>((resolve) => {
          finish = resolve;
        });
      };
      const first = once(asked, run);
      const running = () => IdempotentAnswer.findOne({ state: 'running' }).lean();
      while (runs === 0) await new Promise((resolve) => setImmediate(resolve));
      // As if it had been running for longer than a minute: its time is over unless it says that it lives.
      await IdempotentAnswer.updateOne({ state: 'running' }, { $set: { running_until: new Date(Date.now() + 1) } });
      mock.timers.tick(20_000);
      while (((await running())?.running_until.getTime() ?? 0) < Date.now() + 30_000);
      const second = await once(asked, run).catch((error: { name: string }) => error.name);
      expect([second, runs]).to.deep.equal(['conflict', 1]);
      finish({ done: true });
      expect(await first).to.deep.equal({ done: true });
      expect(await once(asked, run)).to.deep.include({ content: { done: true } });
      expect(runs).to.equal(1);
    } finally {
      mock.timers.reset();
    }
  });

  it('is logged by the path of its route, never by its own, which may hold a token', async () => {
    const told: string[] = [];
    const { error } = log;
    log.error = ((...words: unknown[]) => told.push(JSON.stringify(words))) as typeof log.error;
    const broken = route({
      method: 'POST',
      path: '/invitations/{token}/accept',
      summary: 'broken',
      who: 'public',
      handle: () => {
        throw new Error('broken');
      },
    });
    const gate = {
      authenticate: async () => null,
      authorise: () => {},
      follow: async () => async () => true,
      takeTurn: async () => null,
    };
    const server = new Koa()
      .use(request({ trust_proxy: false }))
      .use(createRouter([broken], serve(gate)))
      .listen(0, '127.0.0.1');
    await events.once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/invitations/s3cret-token/accept`, {
        method: 'POST',
        headers: { 'x-request-id': 'req-7' },
      });
      expect(await answer.json()).to.deep.include({ code: 'F50000', content: { request_id: 'req-7' } });
    } finally {
      log.error = error;
      server.close();
    }
    expect(told.join()).to.include('"route":"/invitations/{token}/accept"').and.include('req-7');
    expect(told.join()).not.to.include('s3cret');
  });
});
