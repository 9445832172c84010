import { expect } from 'chai';
import { accepts } from '../../../sdk/contract/accepts.ts';
import { eventTypes } from '../../../sdk/contract/event-types.ts';
import { Failure, failures, messageFor, pickLanguage } from '../../../sdk/contract/failure.ts';
import { modelNames, models } from '../../../sdk/contract/models.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { strangerSchema } from '../../../sdk/contract/stranger-schema.ts';

describe('Failure', () => {
  it('has code and status by its name, and keeps what caused it', () => {
    const cause = new Error('socket');
    const failure = new Failure('database_unavailable', { cause, retry_after_s: 2 });
    expect(failure).to.include({ name: 'database_unavailable', code: 'F50401', status: 503, retry_after_s: 2, cause });
    expect(failure.message).to.equal('The database is unavailable');
  });

  it('says its general sentence in three languages', () => {
    expect(new Failure('plugin_not_found').messageIn('zh-Hans')).to.equal('插件不存在');
    expect(new Failure('plugin_not_found').messageIn('zh-Hant')).to.equal('外掛不存在');
  });

  it('puts a detail that exists only in English behind the translated sentence', () => {
    const failure = new Failure('conflict', { message: '{name} exists', params: { name: '"x"' } });
    expect(failure.messageIn('en')).to.equal('"x" exists');
    expect(failure.messageIn('zh-Hant')).to.equal('與目前狀態衝突："x" exists');
  });

  it('fills only places that it was given values for', () => {
    expect(new Failure('conflict', { message: 'a {b} {c}', params: { b: 1 } }).message).to.equal('a 1 {c}');
  });

  it('has a distinct sentence for every name in every language', () => {
    for (const language of ['en', 'zh-Hans', 'zh-Hant'] as const) {
      const said = Object.values(failures).map(({ messages }) => messages[language]);
      expect(new Set(said).size).to.equal(said.length);
    }
  });

  it('says success as the API promises', () => {
    expect(messageFor('ok', 'zh-Hant')).to.equal('操作成功');
    expect(messageFor('healthy', 'zh-Hant')).to.equal('服務正常');
  });
});

describe('pickLanguage', () => {
  const cases: [string | undefined, string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant', 'zh-Hant'],
    ['zh-Hant-CN', 'zh-Hant'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['ZH-tw', 'zh-Hant'],
    ['en;q=0.5, zh-TW;q=0.8', 'zh-Hant'],
    ['zh;q=0, en', 'en'],
    ['de, zh-CN;q=0.1', 'zh-Hans'],
    ['zh-TW,zh-CN', 'zh-Hant'],
    ['en;q=7', 'en'],
    [';;;,,,q=', 'en'],
    ['zh'.repeat(5_000), 'en'],
  ];
  for (const [header, language] of cases) {
    it(`reads ${header === undefined ? 'no header' : JSON.stringify(header.slice(0, 30))} as ${language}`, () => {
      expect(pickLanguage(header)).to.equal(language);
    });
  }
});

describe('quote', () => {
  it('cuts, and shows what cannot be seen', () => {
    expect(quote('x'.repeat(200))).to.have.length(83);
    expect(quote('a\nb\u202ec\u200b')).to.equal('"a\\nb\\u202ec\\u200b"');
    expect(quote({ a: 1 })).to.equal('{"a":1}');
    expect(quote(undefined)).to.equal('undefined');
  });
});

describe('eventTypes', () => {
  it('has a sample that fits its schema for every type', () => {
    expect(Object.keys(eventTypes)).to.have.length(39);
    for (const [type, { schema, sample }] of Object.entries(eventTypes)) {
      const checked = accepts(schema)(sample);
      expect(checked.ok, `${type} ${checked.ok ? '' : JSON.stringify(checked.errors)}`).to.equal(true);
    }
  });

  it('lets senders add fields to events from outside, and to no other', () => {
    const open = (type: string) =>
      accepts(eventTypes[type]?.schema ?? {})({ ...eventTypes[type]?.sample, extra: 1 }).ok;
    expect(open('task.created')).to.equal(true);
    expect(open('plugin.installed')).to.equal(false);
  });
});

describe('models', () => {
  it('exist for every name, closed, within the subset for strangers', () => {
    expect(Object.keys(models).sort()).to.deep.equal([...modelNames].sort());
    for (const name of modelNames) {
      expect(strangerSchema(models[name]), name).to.deep.equal([]);
      expect(accepts(models[name])({}).ok).to.equal(false);
    }
  });

  it('take a record with its required fields and refuse unknown ones', () => {
    const alert = {
      external_id: '1',
      url: null,
      dedupe_key: 'k',
      title: 't',
      status: 'firing',
      labels: { a: 'b' },
      started_at: '2026-01-01T00:00:00Z',
      source: 's',
    };
    expect(accepts(models.alert)(alert).ok).to.equal(true);
    expect(accepts(models.alert)({ ...alert, colour: 'red' }).ok).to.equal(false);
    expect(accepts(models.alert)({ ...alert, status: 'burning' }).ok).to.equal(false);
  });
});
