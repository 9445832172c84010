import { expect } from 'chai';
import { allRoutes } from '../../core/app.ts';
import type { RunningHost } from '../helpers/host.ts';
import { ask, startHost } from '../helpers/host.ts';

describe('every answer of the API', () => {
  let host: RunningHost;
  before(async function () {
    this.timeout(60_000);
    // One of its own: asking every path there is also signs out, for one.
    host = await startHost();
  });
  after(() => host.remove());

  it('asks a stranger to sign in on every path that is not public', async function () {
    this.timeout(120_000);
    for (const route of allRoutes.filter(({ who }) => who !== 'public' && who !== 'metrics:read')) {
      const path = route.path.replaceAll(/\{[a-z_]+\}/g, 'nothing-there');
      const answer = await ask(host.url, route.method, path, { token: null });
      expect(answer.body.code, `${route.method} ${path}`).to.be.oneOf(['F40001', 'F40029']);
    }
  });

  it('keeps a sane X-Request-Id of the caller and replaces any other', async () => {
    const sane = await host.request('GET', '/health', { headers: { 'x-request-id': 'trace-42' } });
    expect(sane.headers.get('x-request-id')).to.equal('trace-42');
    const odd = await host.request('GET', '/health', { headers: { 'x-request-id': 'a b<script>' } });
    expect(odd.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
  });

  it('speaks the language that is asked for', async () => {
    const health = (language: string) => host.request('GET', '/health', { headers: { 'accept-language': language } });
    expect((await health('zh-TW')).body.msg).to.equal('服務正常');
    expect((await health('zh-CN,en;q=0.5')).body.msg).to.equal('服务正常');
    expect((await health('fr')).body.msg).to.equal('healthy');
    const done = await host.request('GET', '/plugins', { headers: { 'accept-language': 'zh-Hant' } });
    expect(done.body).to.include({ code: 'S10000', msg: '操作成功' });
    const wrong = await host.request('GET', '/plugins?size=1000', { headers: { 'accept-language': 'zh-Hans' } });
    expect(wrong.body.msg).to.equal('参数校验失败');
  });

  it('health tells what API.md says, with the barriers around plugin processes', async () => {
    const { body } = await ask(host.url, 'GET', '/health', { token: null });
    expect(body.msg).to.equal('healthy');
    expect(body.content).to.include({
      status: 'healthy',
      service: 'integration-service',
      database: 'connected',
      cache: 'connected',
      version: '1.0.0',
    });
    expect(body.content.plugins_installed).to.be.a('number');
    expect(Object.values(body.content.barriers)).to.not.be.empty;
    expect(new Date(body.content.timestamp).toISOString()).to.equal(body.content.timestamp);
  });

  it('is in the envelope, for every path that exists, whatever it says', async function () {
    this.timeout(120_000);
    const leaving = /^\/auth\/(logout|sessions|password)/;
    const routes = [...allRoutes].sort((a, b) => Number(leaving.test(a.path)) - Number(leaving.test(b.path)));
    for (const route of routes) {
      if (route.path.startsWith('/hooks/') || route.produces) continue;
      const path = route.path.replaceAll(/\{[a-z_]+\}/g, 'nothing-there');
      const body = route.method === 'GET' || route.bytes ? undefined : {};
      const answer = await host.request(route.method, path, body === undefined ? {} : { body });
      expect(Object.keys(answer.body).sort(), `${route.method} ${path}`).to.deep.equal(['code', 'content', 'msg']);
      expect(answer.body.code, `${route.method} ${path}: ${answer.text}`).to.match(/^(S10000|F4\d{4}|F50403)$/);
      expect(answer.headers.get('x-request-id'), path).to.be.a('string');
    }
  });
});
