import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { sayIn } from '../../core/console/host-says/say.ts';
import { zhHans } from '../../core/console/host-says/zh-hans.ts';
import { zhHant } from '../../core/console/host-says/zh-hant.ts';
import { actions, failureKinds, jobs, things } from '../../core/console/parts/codes.ts';
import { eventTypes } from '../../sdk/contract/event-types.ts';
import { hostSentences } from './host-sentences.ts';

const root = join(import.meta.dirname, '../..');
const inHans = sayIn('zh-Hans', zhHans);
const inHant = sayIn('zh-Hant', zhHant);
const areas =
  'access configurations credentials egress events hooks installations integrations invocations jobs registry';
const folders = [
  ...[...areas.split(' '), 'syncs', 'webhooks'].map((area) => `core/${area}`),
  ...['marketplace', 'sandbox/pool', 'sandbox/capabilities', 'sdk/check', 'sdk/package'],
];
/** Not sentences, or ones whose places come together to sentences that are known. */
const known = [
  'A test',
  'first party',
  'The data of {} {}',
  'The key {} {}',
  'The character U+{} {}',
  '{}@{} {}; choose another version',
];
const sources = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('console'))
    .map((path) => readFileSync(join(root, folder, path), 'utf8'));
const places = (text: string) => new Set(text.match(/\{\w+\}/g));

describe('What the host says, in Chinese', () => {
  it('has words for every sentence that the host writes for people', () => {
    const all = hostSentences(folders).filter(({ text }) => !known.includes(text));
    expect(all.length).to.be.greaterThan(400);
    const silent = all.filter(({ text }) => {
      let place = 0;
      const filled = text.replaceAll('{}', () => `value${++place}`);
      return inHans(filled) === filled || inHant(filled) === filled;
    });
    expect(silent.map(({ file, text }) => `${file}: ${text}`)).to.deep.equal([]);
  });

  it('fills a place only with what stands in the sentence', () => {
    for (const sentences of [zhHans, zhHant])
      for (const [english, said] of Object.entries(sentences))
        expect([...places(english)], english).to.include.members([...places(said)]);
  });

  it('has a name for every action of the audit log, kind of failure, background job and event', () => {
    const audited = sources('core').filter((text) => /\baudit(Person)?\(/.test(text));
    const done = audited.flatMap((text) => [...text.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, name]) => name ?? ''));
    const [, logged = ''] = /type LogKind =([^;]+);/.exec(sources('marketplace').join('\n')) ?? [];
    const nouns = new Set(Object.keys(actions).map((name) => name.split('.')[0]));
    const others = new Set([...Object.keys(eventTypes), ...Object.keys(jobs)]);
    const named = [...done, ...logged.matchAll(/'([a-z.]+)'/g).map(([, name]) => name ?? '')];
    const isAction = (name: string) => nouns.has(name.split('.')[0]) && (name in actions || !others.has(name));
    const audits = new Set(named.filter(isAction));
    expect(audits.size).to.be.greaterThan(50);
    expect([...audits].filter((name) => !(name in actions))).to.deep.equal([]);

    const [, kinds = ''] = /type CallErrorType =([^;]+);/.exec(sources('sandbox').join('\n')) ?? [];
    expect(failureKinds).to.have.all.keys([...kinds.matchAll(/'(\w+)'/g)].map(([, kind]) => kind ?? ''));
    const defined = sources('core').flatMap((text) => [...text.matchAll(/^ *defineJob(?:<[^>]*>)?\(\s*'([\w.]+)'/gm)]);
    expect(defined.length).to.be.greaterThan(10);
    expect(defined.filter(([, job = '']) => !(job in jobs))).to.deep.equal([]);
    const targets = audited.flatMap((text) =>
      [...text.matchAll(/target: \{\s*kind: '(\w+)'/g)].map(([, kind]) => kind ?? ''),
    );
    expect(targets.filter((kind) => !(kind in things))).to.deep.equal([]);
    const names = readFileSync(join(root, 'core/console/parts/names.ts'), 'utf8');
    for (const type of Object.keys(eventTypes)) expect(names).to.contain(`'${type}': 'happened.`);
  });

  it('says a sentence with its values, and reasons inside it', () => {
    expect(inHans('@acme/notes is disabled; enable it first')).to.equal('@acme/notes 已停用；请先启用');
    expect(inHans('There is no webhook "w1"')).to.equal('没有 Webhook“w1”');
    expect(inHant('The webhook is switched off: 10 deliveries in a row failed')).to.equal(
      'Webhook 已停用：連續 10 次投遞失敗',
    );
    expect(inHans('This needs the role admin in this workspace; yours is viewer.')).to.equal(
      '此操作需要在此工作区拥有管理员角色；您的角色是查看者。',
    );
    // As an answer has it: what kind of failure it is in Chinese, what happened in English.
    expect(inHans('与当前状态冲突：@acme/notes is disabled; enable it first')).to.equal('@acme/notes 已停用；请先启用');
  });

  it('leaves what it has no words for as it is, also what a stranger made long and like a sentence', () => {
    for (const said of ['The vendor is on fire', '', '：', '资源不存在', 'x'.repeat(100_000)])
      expect(inHans(said)).to.equal(said);
    const hostile = ` is suspect: ${'; POST /plugins/'.repeat(120)}`;
    const before = process.cpuUsage();
    inHans(hostile);
    expect(process.cpuUsage(before).user).to.be.lessThan(500_000);
  });
});
