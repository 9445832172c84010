import { expect } from 'chai';
import { judgeFetchRequest } from '../../sandbox/capabilities/fetch.ts';
import { readLogLine } from '../../sandbox/capabilities/log.ts';
import { matchHost } from '../../sandbox/capabilities/match-host.ts';
import { matchPath } from '../../sandbox/capabilities/match-path.ts';
import { judgeStore } from '../../sandbox/capabilities/store.ts';
import type { Grant } from '../../sandbox/index.ts';
import { judgeFetch } from '../../sandbox/index.ts';
import { checkJson } from '../../sandbox/pool/check-json.ts';

const GRANTS: Grant[] = [{ name: 'network', hosts: ['a.example', '*.b.example'] }];
const request = (more: object = {}) => ({ url: 'https://a.example/x', method: 'GET', headers: {}, ...more });
const judge = (more: object = {}, grants = GRANTS) => {
  const verdict = judgeFetchRequest(grants, request(more));
  return verdict.ok ? 'ok' : verdict.code;
};

describe('the judge of a fetch', () => {
  const fine: Record<string, object> = {
    'nothing but an address': {},
    'an address as long as allowed': { url: `https://a.example/${'x'.repeat(8192 - 18)}` },
    'a query of texts and lists': { query: { a: '1', b: ['2', '3'], c: [] } },
    'a text body': { method: 'POST', body: 'x', body_encoding: 'utf8' },
    'bytes as a body': { method: 'POST', body: 'eA==', body_encoding: 'base64' },
    'an empty body': { method: 'POST', body: '' },
    'no auth': { auth: false },
    'a named auth': { auth: 'page', as: '1' },
    'each redirect mode: follow': { redirect: 'follow' },
    'each redirect mode: manual': { redirect: 'manual' },
    'each redirect mode: error': { redirect: 'error' },
    'a time and a size': { timeout_ms: 1, max_bytes: 1 },
    'sixty-four headers': { headers: Object.fromEntries(Array.from({ length: 64 }, (_, i) => [`h${i}`, 'x'])) },
    'a header of 8,192 characters, with a tab': { headers: { a: `\t${'x'.repeat(8191)}` } },
  };
  for (const [what, more] of Object.entries(fine)) {
    it(`takes ${what}`, () => expect(judge(more)).to.equal('ok'));
  }

  const wrong: Record<string, object> = {
    'an address that is a number': { url: 7 },
    'an address that is a list, short enough': { url: ['https://a.example/'] },
    'an address that is too long': { url: `https://a.example/${'x'.repeat(8192 - 17)}` },
    'a method that is a number': { method: 7 },
    'headers that are a list': { headers: [] },
    'headers that are null': { headers: null },
    'a header name that is none': { headers: { 'a b': 'x' } },
    'a header of the host': { headers: { Connection: 'close' } },
    'a header that is a number': { headers: { a: 1 } },
    'a header that is a list': { headers: { a: ['x'] } },
    'a header that is too long': { headers: { a: 'x'.repeat(8193) } },
    'a header with a line break': { headers: { a: 'x\ny' } },
    'a header with a zero': { headers: { a: 'x\0' } },
    'sixty-five headers': { headers: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`h${i}`, 'x'])) },
    'a query that is text': { query: 'a=1' },
    'a query with a number': { query: { a: 1 } },
    'a query with a list of numbers': { query: { a: ['1', 2] } },
    'a query with an object that can every()': { query: { a: { every: 1 } } },
    'a body that is an object': { body: {} },
    'a body of an unknown encoding': { body: 'x', body_encoding: 'hex' },
    'an auth that is true': { auth: true },
    'an auth that is too long': { auth: 'x'.repeat(101) },
    'an account that is an object': { as: {} },
    'an unknown redirect mode': { redirect: 'maybe' },
    'a time of nothing': { timeout_ms: 0 },
    'a time that is text': { timeout_ms: '9' },
    'a size below nothing': { max_bytes: -1 },
    'a size that is no number': { max_bytes: Number.NaN },
  };
  for (const [what, more] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => expect(judge(more)).to.equal('invalid'));
  }

  it('refuses what is no request at all', () => {
    for (const value of [null, undefined, 'x', 7, []]) {
      expect(judgeFetchRequest(GRANTS, value)).to.deep.include({ ok: false, code: 'invalid' });
    }
  });

  it('denies with a detail that shows neither query nor credentials', () => {
    const verdict = judgeFetchRequest(GRANTS, request({ url: 'https://user:pass@evil.example/p?token=1#x' }));
    expect(verdict).to.deep.include({
      ok: false,
      code: 'denied',
      permission: 'network',
      detail: 'GET https://evil.example/p',
    });
    const relative = judgeFetchRequest(GRANTS, request({ url: '/p?token=1' }));
    expect(relative).to.deep.include({ ok: true, detail: 'GET /p' });
  });

  it('says what was missing', () => {
    const message = (grants: Grant[], url: string, method = 'GET') => {
      const judged = judgeFetch(grants, { url, method });
      return judged.ok ? '' : judged.message;
    };
    expect(message([], 'https://a.example/')).to.equal('This plugin was not granted "network"');
    expect(message(GRANTS, 'https://a.example/', 'TRACE')).to.equal('The method "TRACE" is not allowed');
    expect(message([{ name: 'network', hosts: ['a.example'], methods: ['GET'] }], '/x', 'PUT')).to.include(
      'allows PUT',
    );
    expect(message(GRANTS, 'https://')).to.equal('"https://" is not an address');
    expect(message(GRANTS, 'https://evil.example/x')).to.equal('This plugin was not granted https://evil.example');
    expect(message([{ name: 'network', hosts: ['a.example'], paths: ['/y'] }], 'https://a.example/x')).to.include(
      'https://a.example/x',
    );
    for (const url of ['https://user@a.example/', 'https://:pass@a.example/'])
      expect(message(GRANTS, url)).to.include('user name');
    for (const url of [' /x', '/x\n', '/\tx', 'x\x7f'])
      expect(message(GRANTS, url), url).to.include('is not an address');
  });
});

describe('the match of a host', () => {
  const match = (pattern: string, url: string) => matchHost(pattern, new URL(url));

  it('never takes an address literal for a name below a suffix', () => {
    expect(match('*.1', 'https://127.0.0.1/')).to.equal(false);
    expect(match('*.0.0.1', 'https://10.0.0.1/')).to.equal(false);
    expect(match('*.example', 'https://[2001:db8::1]/')).to.equal(false);
  });

  it('wants a label in front of a suffix', () => {
    expect(match('*.b.example', 'https://b.example/')).to.equal(false);
    expect(match('*.b.example', 'https://.b.example/')).to.equal(false);
    expect(match('*.b.example', 'https://longer-than-the-suffix.example/')).to.equal(false);
    expect(match('*.b.example', 'https://x.b.example/')).to.equal(true);
  });

  it('takes no pattern with more in it than an origin', () => {
    for (const pattern of [
      'a.example/x',
      'a.example?x',
      'a.example#x',
      'u@a.example',
      'u:p@a.example',
      ':p@a.example',
      '',
      '*',
      'a*.example',
    ]) {
      expect(match(pattern, 'https://a.example/'), pattern).to.equal(false);
    }
  });

  it('takes no star for a letter of a name, although the URL parser does', () => {
    expect(match('a*.example', 'https://a*.example/')).to.equal(false);
    expect(match('*.*.example', 'https://x.*.example/')).to.equal(false);
  });
});

describe('the match of a path', () => {
  it('takes none in which a server might see another', () => {
    for (const path of [
      '/open/%2fx',
      '/open/%5Cx',
      '/open/%2ex',
      '/open/%00',
      '/open/%252fx',
      '/open/..;/x',
      '/open/.;/x',
      '/open/a\\b',
    ]) {
      expect(matchPath('/open/**', path), path).to.equal(false);
    }
    for (const path of ['/open/a;b/x', '/open/%20', '/open/a.b..c/x'])
      expect(matchPath('/open/**', path), path).to.equal(true);
  });
});

describe('the judge of the store', () => {
  const store = (value: unknown, grants: Grant[] = [{ name: 'storage' }]) => {
    const verdict = judgeStore(grants, value);
    return verdict.ok ? 'ok' : verdict.code;
  };

  it('takes each operation, at its bounds', () => {
    for (const value of [
      { op: 'get', key: 'k' },
      { op: 'delete', key: 'k'.repeat(512) },
      { op: 'set', key: 'k', value: 1, if_version: 0, ttl_s: 1 },
      { op: 'list' },
      { op: 'list', prefix: '', after: 'x', limit: 1 },
    ]) {
      expect(store(value), JSON.stringify(value)).to.equal('ok');
    }
  });

  it('refuses what makes no sense', () => {
    for (const value of [
      null,
      'get',
      { op: 'drop', key: 'k' },
      { op: 'get' },
      { op: 'get', key: '' },
      { op: 'get', key: 7 },
      { op: 'get', key: 'k'.repeat(513) },
      { op: 'set', key: 'k', if_version: -1 },
      { op: 'set', key: 'k', if_version: 1.5 },
      { op: 'set', key: 'k', ttl_s: 0 },
      { op: 'set', key: 'k', ttl_s: '1' },
      { op: 'list', prefix: {} },
      { op: 'list', after: 7 },
      { op: 'list', limit: 0 },
      { op: 'list', limit: 'all' },
      { op: 'list', prefix: 'k'.repeat(513) },
    ]) {
      expect(store(value), JSON.stringify(value)).to.equal('invalid');
    }
  });

  it('is asked for the grant first', () => {
    expect(store({ op: 'get', key: 'k' }, [])).to.equal('denied');
    expect(store({ op: 'drop' }, GRANTS)).to.equal('denied');
  });
});

describe('a log line', () => {
  const read = (value: unknown) => readLogLine(value, new Date(0));

  it('is taken with its fields, without what would steer a terminal', () => {
    expect(read({ level: 'warn', message: 'a\x1b[2Jb\nc', fields: { n: 1 } })).to.deep.equal({
      level: 'warn',
      message: 'a [2Jb\nc',
      fields: { n: 1 },
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('is none without a known level and a message', () => {
    for (const value of [
      null,
      7,
      {},
      { level: 'info' },
      { level: 'root', message: 'x' },
      { level: ['info'], message: 'x' },
      { level: 'info', message: 7 },
    ]) {
      expect(read(value)).to.equal(null);
    }
  });
});

describe('the bounds of an answer', () => {
  const check = (text: string, nodes: number, depth: number) => checkJson(Buffer.from(text), { nodes, depth });

  it('are exact', () => {
    expect(check('[[1]]', 100, 2)).to.equal(null);
    expect(check('[[[1]]]', 100, 2)).to.include('deeper than 2');
    expect(check('[1,2]', 3, 9)).to.equal(null);
    expect(check('[1,2]', 2, 9)).to.include('more than 2');
    expect(check('"abc', 9, 9)).to.include('without an end');
    expect(check('"abc\\', 9, 9)).to.include('without an end');
    expect(check('"abc"', 1, 0)).to.equal(null);
    expect(check('[[1]', 9, 9)).to.include('opens more');
    expect(check('1]', 9, 9)).to.include('closes more');
    expect(check('["a\\"]",{"[[":"]"}]', 5, 2)).to.equal(null);
    expect(check('["a\\\\",[1]]', 9, 1)).to.include('deeper than 1');
  });
});
