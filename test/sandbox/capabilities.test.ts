import { expect } from 'chai';
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

describe('a project grant', () => {
  it('shows the project whole', () => {
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
