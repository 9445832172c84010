import { expect } from 'chai';
import { judgeHmac } from '../../sandbox/capabilities/crypto.ts';
import { judgeEmit } from '../../sandbox/capabilities/emit.ts';
import { judgeFiles } from '../../sandbox/capabilities/files.ts';
import { judgeRecords } from '../../sandbox/capabilities/records.ts';
import { judgeSchedule } from '../../sandbox/capabilities/schedule.ts';
import type { Grant } from '../../sandbox/index.ts';
import { judgeFetch, lowestLimits, visibleProject } from '../../sandbox/index.ts';

const net = (hosts: string[], more: object = {}): Grant[] => [{ name: 'network', hosts, ...more }];
const may = (grants: Grant[], url: string, method = 'GET') => judgeFetch(grants, { url, method }).ok;

describe('a network grant', () => {
  it('opens exactly its host over https', () => {
    expect(may(net(['api.github.com']), 'https://api.github.com/x')).to.equal(true);
    expect(may(net(['api.github.com']), 'https://API.GITHUB.COM:443/')).to.equal(true);
    expect(may(net(['api.github.com']), 'http://api.github.com/')).to.equal(false);
    expect(may(net(['API.GitHub.com']), 'https://api.github.com/')).to.equal(true);
  });

  it('opens every label below a suffix, not the suffix', () => {
    const grants = net(['*.example.com']);
    expect(may(grants, 'https://a.example.com/')).to.equal(true);
    expect(may(grants, 'https://a.b.example.com/')).to.equal(true);
    expect(may(grants, 'https://example.com/')).to.equal(false);
  });

  it('opens a port and plain http only when it names them', () => {
    expect(may(net(['h.example:8443']), 'https://h.example:8443/')).to.equal(true);
    expect(may(net(['http://h.example:8080']), 'http://h.example:8080/')).to.equal(true);
    expect(may(net(['http://h.example:8080']), 'https://h.example:8080/')).to.equal(false);
    expect(may(net(['[::1]:8443']), 'https://[::1]:8443/')).to.equal(true);
    expect(may(net(['127.0.0.1']), 'https://127.0.0.1/')).to.equal(true);
    expect(may(net(['*.0.0.1']), 'https://127.0.0.1/')).to.equal(false);
  });

  it('opens an internationalised host by either of its names', () => {
    expect(may(net(['münchen.example']), 'https://xn--mnchen-3ya.example/')).to.equal(true);
  });

  it('opens only its paths, segment by segment', () => {
    const grants = net(['h.example'], { paths: ['/repos/*/issues', '/open/**', '/'] });
    for (const path of ['/repos/a/issues', '/open/', '/open/a/b', '/open', '/', '/repos/a/issues?x=1']) {
      expect(may(grants, `https://h.example${path}`), path).to.equal(true);
    }
    for (const path of ['/repos/a', '/repos/a/issues/', '/opened', '/repos/a/b/issues']) {
      expect(may(grants, `https://h.example${path}`), path).to.equal(false);
    }
  });

  it('opens only its methods, also for relative addresses', () => {
    const grants = net(['h.example'], { methods: ['GET'] });
    expect(may(grants, '/x')).to.equal(true);
    expect(may(grants, '/x', 'POST')).to.equal(false);
    expect(may(grants, 'https://h.example/', 'POST')).to.equal(false);
  });

  it('does not lend its paths or methods to another grant', () => {
    const grants = [...net(['a.example'], { methods: ['POST'] }), ...net(['b.example'], { paths: ['/x'] })];
    expect(may(grants, 'https://b.example/y', 'POST')).to.equal(false);
    expect(may(grants, 'https://a.example/x')).to.equal(false);
    expect(may(grants, 'https://a.example/y', 'POST')).to.equal(true);
  });

  it('with a host that makes no sense opens nothing', () => {
    for (const host of ['*', '*.', 'https://', 'a/b', 'a@b', 'a?b', '*.*.example', '']) {
      expect(may(net([host]), 'https://a.example/'), host).to.equal(false);
      expect(may(net([host]), 'https://b/'), host).to.equal(false);
    }
  });
});

describe('other grants', () => {
  const code = (verdict: { ok: boolean; code?: string }) => (verdict.ok ? 'ok' : verdict.code);

  it('let a plugin emit the types that they list', () => {
    const emit = (grants: Grant[], type: string) => code(judgeEmit(grants, { type, data: {} }));
    expect(emit([], 'a.b')).to.equal('denied');
    expect(emit([{ name: 'events:emit' }], 'a.b')).to.equal('ok');
    expect(emit([{ name: 'events:emit', types: ['a.c'] }], 'a.b')).to.equal('denied');
    expect(code(judgeEmit([{ name: 'events:emit' }], { type: 'a.b', occurred_at: 'yesterday' }))).to.equal('invalid');
  });

  it('let a plugin read the records of the models that they list', () => {
    const read = (grants: Grant[], query: object) => code(judgeRecords(grants, query));
    expect(read([], { model: 'issue' })).to.equal('denied');
    expect(read([{ name: 'records:read', models: ['issue'] }], { model: 'issue' })).to.equal('ok');
    expect(read([{ name: 'records:read', models: ['issue'] }], { model: 'order' })).to.equal('denied');
    expect(read([{ name: 'records:read', models: ['issue'] }], {})).to.equal('invalid');
    expect(read([{ name: 'records:read' }], {})).to.equal('ok');
  });

  it('let a plugin use files up to their size', () => {
    const use = (grants: Grant[], request: object) => code(judgeFiles(grants, request));
    expect(use([], { op: 'read', id: 'f' })).to.equal('denied');
    expect(use([{ name: 'files', max_bytes: 10 }], { op: 'read', id: 'f', length: 10 })).to.equal('ok');
    expect(use([{ name: 'files', max_bytes: 10 }], { op: 'read', id: 'f', length: 11 })).to.equal('denied');
    expect(use([{ name: 'files', max_bytes: 10 }], { op: 'delete', id: 'f' })).to.equal('invalid');
  });

  it('let a plugin schedule, and sign with named secrets', () => {
    expect(code(judgeSchedule([], {}))).to.equal('denied');
    expect(code(judgeSchedule([{ name: 'schedule' }], { handler: 'x' }))).to.equal('ok');
    expect(code(judgeHmac({ algorithm: 'md4', secret: 's', data: '', data_encoding: 'utf8', as: 'hex' }))).to.equal(
      'invalid',
    );
  });

  it('show the project whole only with project:read', () => {
    const project = { id: 'p', name: 'Secret plans' };
    expect(visibleProject([], project)).to.deep.equal({ id: 'p' });
    expect(visibleProject([{ name: 'project:read' }], project)).to.deep.equal(project);
  });
});

describe('limits', () => {
  it('are the lowest of what applies', () => {
    expect(lowestLimits('call').cpu_ms).to.equal(100);
    expect(lowestLimits('job').cpu_ms).to.equal(5000);
    expect(lowestLimits('call', {}, { cpu_ms: 50 }, { cpu_ms: 70 }).cpu_ms).to.equal(50);
    expect(lowestLimits('call', {}, { cpu_ms: 500 }, { wall_ms: 20 })).to.deep.include({ cpu_ms: 100, wall_ms: 20 });
    expect(lowestLimits('call', { cpu_ms: 300 }).cpu_ms).to.equal(300);
  });

  it('let a manifest ask for more heap, up to 128 MB, and the workspace for less', () => {
    expect(lowestLimits('call', {}, { heap_mb: 64 }).heap_mb).to.equal(64);
    expect(lowestLimits('call', {}, { heap_mb: 4096 }).heap_mb).to.equal(128);
    expect(lowestLimits('call', {}, { heap_mb: 64 }, { heap_mb: 48 }).heap_mb).to.equal(48);
  });

  it('are not lifted by values that are none', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '9' as unknown as number]) {
      expect(lowestLimits('call', { wall_ms: bad }, { cpu_ms: bad }, { host_calls: bad })).to.deep.equal(
        lowestLimits('call'),
      );
    }
  });
});
