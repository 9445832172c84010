import { expect } from 'chai';
import { judgeHmac } from '../../sandbox/capabilities/crypto.ts';
import { judgeEmit } from '../../sandbox/capabilities/emit.ts';
import { judgeFiles } from '../../sandbox/capabilities/files.ts';
import { judgeRecords } from '../../sandbox/capabilities/records.ts';
import { judgeSchedule } from '../../sandbox/capabilities/schedule.ts';
import type { Verdict } from '../../sandbox/capabilities/verdict.ts';
import type { Grant } from '../../sandbox/index.ts';

const word = (verdict: Verdict<unknown>) => (verdict.ok ? 'ok' : verdict.code);
const OTHER: Grant[] = [{ name: 'storage' }];

describe('the judge of an event', () => {
  const emit = (value: unknown, grants: Grant[] = [{ name: 'events:emit' }]) => word(judgeEmit(grants, value));

  it('takes each field, at its bounds, and nothing that was not asked for', () => {
    for (const value of [
      { type: 'a.b' },
      { type: `a.${'b'.repeat(198)}`, data: { n: 1 } },
      { type: 'A_1.b-2.c', id: 'i'.repeat(200), occurred_at: '2026-11-30T10:00:00Z' },
    ]) {
      expect(emit(value), JSON.stringify(value)).to.equal('ok');
    }
    const judged = judgeEmit([{ name: 'events:emit' }], { type: 'a.b', data: 1, more: 2 });
    expect(judged).to.deep.equal({
      ...{ ok: true, permission: 'events:emit', detail: 'a.b' },
      request: { type: 'a.b', data: 1 },
    });
    const whole = { type: 'a.b', data: 1, id: 'x', occurred_at: '2026-11-30T10:00:00Z' };
    expect(judgeEmit([{ name: 'events:emit' }], whole)).to.deep.include({ request: whole });
  });

  it('refuses what makes no sense', () => {
    for (const value of [
      ...[null, 'a.b', {}, { type: 7 }],
      ...['a', 'a.', '.b', 'a b.c', 'a..b', `a.${'b'.repeat(199)}`].map((type) => ({ type })),
      ...[7, 'i'.repeat(201)].map((id) => ({ type: 'a.b', id })),
      ...[7, 'yesterday', null].map((occurred_at) => ({ type: 'a.b', occurred_at })),
    ]) {
      expect(emit(value), JSON.stringify(value)).to.equal('invalid');
    }
  });

  it('is asked for the grant, and for the type where the grant names types', () => {
    expect(emit({ type: 'a.b' }, OTHER)).to.equal('denied');
    expect(emit({ type: 'no type' }, OTHER)).to.equal('denied');
    const some: Grant[] = [{ name: 'events:emit', types: ['a.b'] }];
    expect(emit({ type: 'a.b' }, some)).to.equal('ok');
    expect(emit({ type: 'a.c' }, some)).to.equal('denied');
    expect(emit({ type: 'a.c' }, [...some, { name: 'events:emit' }])).to.equal('ok');
  });
});

describe('the judge of a signature', () => {
  const fine = { algorithm: 'sha256', secret: 'webhook_secret', data: 'x', data_encoding: 'utf8', as: 'hex' };
  const hmac = (more: object) => word(judgeHmac({ ...fine, ...more }));

  it('takes each algorithm, encoding and form', () => {
    const all = [
      ...['sha1', 'sha256', 'sha384', 'sha512'].map((algorithm) => ({ algorithm })),
      ...['utf8', 'base64'].map((data_encoding) => ({ data_encoding })),
      ...['hex', 'base64', 'base64url'].map((as) => ({ as })),
      ...[{ data: '' }, { secret: 's'.repeat(100) }],
    ];
    for (const more of all) expect(hmac(more), JSON.stringify(more)).to.equal('ok');
    expect(judgeHmac({ ...fine, more: 1 })).to.deep.equal({
      ...{ ok: true, permission: 'crypto', detail: 'sha256 webhook_secret' },
      request: fine,
    });
  });

  it('refuses what makes no sense', () => {
    for (const more of [
      ...[7, 'md5', 'SHA256', ['sha256']].map((algorithm) => ({ algorithm })),
      ...[7, '', 'a b', '../x', 's'.repeat(101), ['webhook_secret']].map((secret) => ({ secret })),
      ...[7, null, ['x']].map((data) => ({ data })),
      ...['hex', 7, undefined].map((data_encoding) => ({ data_encoding })),
      ...['raw', 7, undefined].map((as) => ({ as })),
    ]) {
      expect(hmac(more), JSON.stringify(more)).to.equal('invalid');
    }
    for (const value of [null, 'sha256', []]) expect(word(judgeHmac(value))).to.equal('invalid');
  });
});

describe('the judge of records', () => {
  const all: Grant[] = [{ name: 'records:read' }];
  const some: Grant[] = [{ name: 'records:read', models: ['ticket'] }];
  const records = (value: unknown, grants: Grant[]) => word(judgeRecords(grants, value));

  it('reads every model, or those that the grant names', () => {
    expect(records({ op: 'list' }, all)).to.equal('ok');
    expect(records({ op: 'list', model: 'person' }, all)).to.equal('ok');
    expect(records({ op: 'list', model: 'ticket' }, some)).to.equal('ok');
    expect(records({ op: 'list', model: 'person' }, some)).to.equal('denied');
    expect(records({ op: 'list' }, some)).to.equal('invalid');
    expect(records({ op: 'list' }, [...some, ...all])).to.equal('ok');
    expect(records({ op: 'list', model: 'person' }, [...some, ...all])).to.equal('ok');
  });

  it('is asked for the grant first, and takes a query only', () => {
    expect(records({ op: 'list' }, OTHER)).to.equal('denied');
    for (const value of [null, 'ticket', []]) expect(records(value, all)).to.equal('invalid');
  });

  it('says what was asked for', () => {
    const query = { op: 'list', model: 'ticket' };
    expect(judgeRecords(all, query)).to.deep.equal({
      ...{ ok: true, permission: 'records:read', detail: 'list ticket', request: query },
    });
    expect(judgeRecords(all, { op: 'get', model: 7 })).to.deep.include({ ok: true, detail: 'get ' });
  });
});

describe('the judge of a schedule', () => {
  it('is asked for the grant first, and takes an object only', () => {
    const granted: Grant[] = [...OTHER, { name: 'schedule' }];
    expect(word(judgeSchedule(OTHER, { handler: 'actions.x' }))).to.equal('denied');
    expect(word(judgeSchedule(OTHER, null))).to.equal('denied');
    for (const value of [null, 'actions.x', []]) expect(word(judgeSchedule(granted, value))).to.equal('invalid');
    expect(judgeSchedule(granted, { handler: 'actions.x' })).to.deep.include({ ok: true, detail: 'actions.x' });
    expect(judgeSchedule(granted, {})).to.deep.include({ ok: true, detail: 'schedule' });
  });
});

describe('the judge of files', () => {
  const granted: Grant[] = [{ name: 'files', max_bytes: 10 }, { name: 'files', max_bytes: 100 }, ...OTHER];
  const files = (value: unknown, grants = granted) => word(judgeFiles(grants, value));

  it('takes each operation, up to the largest size that was granted', () => {
    for (const op of ['info', 'read', 'create', 'upload']) expect(files({ op, id: 'f' }), op).to.equal('ok');
    for (const name of ['length', 'size']) {
      for (const size of [0, 100]) expect(files({ op: 'read', [name]: size }), `${name} ${size}`).to.equal('ok');
      expect(files({ op: 'read', [name]: 101 }), name).to.equal('denied');
      for (const size of [-1, 1.5, '9', null]) {
        expect(files({ op: 'read', [name]: size }), `${name} ${size}`).to.equal('invalid');
      }
    }
  });

  it('is asked for the grant first, and knows no other operation', () => {
    expect(files({ op: 'read' }, OTHER)).to.equal('denied');
    expect(files(null, OTHER)).to.equal('denied');
    for (const value of [null, 'read', [], {}, { op: 'delete' }, { op: ['read'] }]) {
      expect(files(value), JSON.stringify(value)).to.equal('invalid');
    }
  });

  it('says what was asked for', () => {
    expect(judgeFiles(granted, { op: 'read', id: 'f1' })).to.deep.include({ ok: true, detail: 'read f1' });
    expect(judgeFiles(OTHER, 7)).to.deep.include({ ok: false, detail: 'files' });
  });
});
