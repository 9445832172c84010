import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { complaintsAbout } from '../../core/console/language/complaints.ts';
import { en } from '../../core/console/language/en.ts';
import { zhHans } from '../../core/console/language/zh-hans.ts';
import { zhHant } from '../../core/console/language/zh-hant.ts';

const folder = join(import.meta.dirname, '../../core/console');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/^(dist|node_modules|language)/.test(path))
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
const areas = readdirSync(join(folder, 'language'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe('The languages of the console', () => {
  for (const [name, texts] of Object.entries({ 'zh-Hans': zhHans, 'zh-Hant': zhHant })) {
    it(`has every text in ${name}, with the same places`, () => {
      expect(complaintsAbout(name, texts, en)).to.deep.equal([]);
    });

    it(`says nothing in English that has a word in ${name}`, () => {
      const same = Object.entries(en).filter(
        ([key, text]) => (texts as Record<string, string>)[key] === text && /[a-z]/.test(text),
      );
      expect(same).to.deep.equal([]);
    });
  }

  it('names what a language lacks, so that the build can refuse it', () => {
    const english = { a: 'One {n}', b: 'Two', c: 'Three' };
    expect(complaintsAbout('xx', { a: '一', b: ' ', d: '四' }, english)).to.deep.equal([
      'xx: a has the places (none) instead of {n}',
      'xx: b is missing',
      'xx: c is missing',
      'xx: d is not a text of the console',
    ]);
    const config = readFileSync(join(folder, 'vite.config.ts'), 'utf8');
    expect(config).to.contain('completeLanguages, react()');
  });

  it('keeps each group of names in one area, so that no text hides another', async () => {
    const homes = new Map<string, string>();
    for (const area of areas) {
      const { en: texts } = (await import(join(folder, 'language', area, 'en.ts'))) as { en: Record<string, string> };
      for (const name of Object.keys(texts)) {
        const group = name.split('.')[0] ?? '';
        expect(homes.get(group) ?? area, name).to.equal(area);
        homes.set(group, area);
      }
    }
  });

  it('uses simplified characters in one and traditional ones in the other', () => {
    expect(Object.values(zhHans).join('')).to.not.match(/[設權這個體開關運與為]/);
    expect(Object.values(zhHant).join('')).to.not.match(/[设权这个体开关运与为]/);
  });

  it('has one word for one thing, and in traditional Chinese the word that Taiwan has for it', () => {
    const others = {
      'zh-Hans': ['供应商', '凭证', '吊销', '审查', '千字节', '登陆', '帐户'],
      'zh-Hant': [
        ...[
          '供應商',
          '吊銷',
          '封禁',
          '審查',
          '稽覈',
          '紀錄',
          '千位元組',
          '賬戶',
          '公鑰',
          '簽名',
          '地址',
          '請求頭',
          '回車',
        ],
        ...[
          '只讀',
          '訪問',
          '信息',
          '默認',
          '服務器',
          '網絡',
          '數據',
          '軟件',
          '插件',
          '項目設定',
          '生成',
          '任務',
          '占比',
        ],
      ],
    };
    const found = Object.entries({ 'zh-Hans': zhHans, 'zh-Hant': zhHant }).flatMap(([language, texts]) =>
      Object.entries(texts).flatMap(([name, text]) =>
        others[language as keyof typeof others].filter((word) => text.includes(word)).map((word) => `${name}: ${word}`),
      ),
    );
    // A task of an event is a task of whoever sends it, no job of ours; a person who signs up is no member.
    expect(found.filter((one) => !/^happened\.(task|user)_/.test(one))).to.deep.equal([]);
  });

  it('has no text that no page shows', () => {
    const all = sources.map(({ text }) => text).join('\n');
    const idle = Object.keys(en).filter((key) => !all.includes(`'${key}'`));
    expect(idle).to.deep.equal([]);
  });

  it('leaves no sentence in a page that only English readers would understand', () => {
    const found = sources.flatMap(({ path, text }) => [
      ...[...text.matchAll(/^\s*([A-Z][a-z]+(?: [a-z]+)+[.?!]?)\s*$/gm)].map(([, words]) => `${path}: ${words}`),
      ...[...text.matchAll(/>([^<>{}()=;]*[A-Za-z]{3,}[^<>{}()=;]*)<\//g)]
        .map(([, words]) => words?.trim() ?? '')
        .filter((words) => words !== '' && words !== 'Patchbay')
        .map((words) => `${path}: ${words}`),
      ...[...text.matchAll(/(?:label|title|aria-label|alt)="([^"]*[A-Za-z]{3,}[^"]*)"/g)].map(
        ([, words]) => `${path}: ${words}`,
      ),
    ]);
    expect(found).to.deep.equal([]);
  });
});
