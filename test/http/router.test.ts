import { expect } from 'chai';
import { route } from '../../core/http/route.ts';
import { bySpecificity, pathPattern, readParams } from '../../core/http/router.ts';

const at = (path: string) =>
  route({ method: 'GET', path, summary: path, who: 'public', handle: () => new Promise<never>(() => {}) });

describe('router', () => {
  it('takes a plugin name as one encoded or as two plain segments', () => {
    const pattern = pathPattern('/registry/plugins/{name}/versions/{version}');
    const expected = { name: '@acme/x', version: '1.0.0' };
    expect(readParams(pattern, '/registry/plugins/%40acme%2Fx/versions/1.0.0')).to.deep.equal(expected);
    expect(readParams(pattern, '/registry/plugins/@acme/x/versions/1.0.0')).to.deep.equal(expected);
    expect(readParams(pattern, '/registry/plugins/@acme%2Fx/versions/1.0.0')).to.deep.equal(expected);
  });

  it('asks fixed segments before parameters', () => {
    const sorted = [
      at('/plugins/{id}'),
      at('/plugins/marketplace/{name}'),
      at('/plugins/{id}/logs'),
      at('/plugins/marketplace'),
    ].sort(bySpecificity);
    const place = (path: string) => sorted.findIndex((one) => one.path === path);
    expect(place('/plugins/marketplace')).to.be.below(place('/plugins/{id}'));
    expect(place('/plugins/marketplace/{name}')).to.be.below(place('/plugins/{id}/logs'));
  });

  it('refuses a broken percent-encoding and shows it', () => {
    expect(() => readParams(pathPattern('/jobs/{id}'), '/jobs/%zz'))
      .to.throw('%zz')
      .with.property('code', 'F40000');
  });

  it('a dot in a path is a dot, not any character', () => {
    expect(pathPattern('/openapi.json').test('/openapiXjson')).to.equal(false);
  });
});
