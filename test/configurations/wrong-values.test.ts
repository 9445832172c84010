import { expect } from 'chai';
import { AuditEntry } from '../../core/audit/model.ts';
import { Configuration, ConfigurationRevision } from '../../core/configurations/model.ts';
import { writeConfiguration } from '../../core/configurations/write-configuration.ts';
import { trusted } from '../../core/database/mongoose.ts';
import { Installation } from '../../core/installations/model.ts';
import { strangerSchema } from '../../sdk/contract/stranger-schema.ts';
import { failureOf } from '../registry/failure-of.ts';
import { admin, withParts } from '../registry/parts.ts';
import { table } from './wrong-values.ts';

interface Told {
  pointer: string;
  message: string;
}

const { workspace_id } = admin;
const author = { kind: 'user' as const, id: admin.id, label: admin.label };
const languages = ['en', 'zh-Hans', 'zh-Hant'] as const;

describe('wrong settings', () => {
  withParts();
  const installations: Installation[] = [];
  const told = new Map<string, string[]>();

  before(async () => {
    for (const [i, { schema, $defs }] of table.entries()) {
      const configuration = { type: 'object', properties: { it: schema }, ...($defs && { $defs }) };
      expect(strangerSchema(configuration), table[i]?.what).to.deep.equal([]);
      const name = `@acme/schema-${i}`;
      await Installation.create({
        ...{ _id: `plg_schema_${i}`, workspace_id, name, publisher: '@acme', version: '1.0.0' },
        ...{ integrity: `sha512-${i}`, digest: String(i).padStart(64, '0'), grants: [], handlers: [] },
        ...{ installed_by: admin.id, installed_at: new Date() },
        manifest_text: JSON.stringify({ manifest_version: 1, name, version: '1.0.0', configuration }),
      });
      installations.push(await Installation.findById(`plg_schema_${i}`).lean().orFail());
    }
  });

  const write = (i: number, value: unknown, more: object = {}) =>
    writeConfiguration({
      workspace_id,
      installation: installations[i] as Installation,
      project_id: 'prj_one',
      configuration: { it: value },
      author,
      ...more,
    });

  async function toldOf(i: number, value: unknown, language: (typeof languages)[number]): Promise<Told[]> {
    const error = await failureOf(write(i, value, { language }));
    expect(error.code).to.equal('F42304');
    return (error.content as { errors: Told[] }).errors;
  }

  it('are at least 200 over at least 30 schemas', () => {
    expect(table.length).to.be.at.least(30);
    expect(table.flatMap(({ wrong }) => wrong).length).to.be.at.least(200);
  });

  for (const [i, { what, wrong, right }] of table.entries()) {
    it(`where ${what} is wanted are refused at their place, with what would be right, in three languages`, async () => {
      for (const [value, pointer, message] of wrong) {
        const shown = JSON.stringify(value).slice(0, 80);
        const inEach = await Promise.all(languages.map((language) => toldOf(i, value, language)));
        const [en, hans, hant] = inEach as [Told[], Told[], Told[]];
        const place = `/configuration/it${pointer}`;
        expect(
          en.map((one) => `${one.pointer} ${one.message}`),
          shown,
        ).to.deep.equal([`${place} ${message}`]);
        expect(
          [...hans, ...hant].map((one) => one.pointer),
          shown,
        ).to.deep.equal([place, place]);
        told.set(message, [hans[0]?.message ?? '', hant[0]?.message ?? '']);
      }
      expect(await Configuration.countDocuments({ installation_id: installations[i]?._id })).to.equal(0);
      for (const value of right) await write(i, value);
    });
  }

  it('are told in Chinese without English words but for what is quoted', () => {
    for (const [en, [hans = '', hant = '']] of told) {
      for (const text of [hans, hant]) {
        expect(text, en).to.match(/\p{Script=Han}/u);
        const words = text.replace(
          /"(?:[^"\\]|\\.)*"|（(?:true 或 false|null)）|\b(?:email|JSON|UUID|PEM|IPv[46]|Base64)\b|-----.*/g,
          '',
        );
        expect(words.replace(/(?:host|id) |true|false|null/g, ''), en).to.not.match(/[a-z]{2}/i);
      }
    }
    expect(told.get('must be a string, not integer')).to.deep.equal([
      '必须是文本，而不是整数',
      '必須是文字，而不是整數',
    ]);
    expect(told.get('must be "auto", an integer or an array, not string')).to.deep.equal([
      '必须是 "auto"、整数或列表，而不是文本',
      '必須是 "auto"、整數或清單，而不是文字',
    ]);
  });

  it('leave neither values nor revisions nor audit entries', async () => {
    const written = table.flatMap(({ right }) => right).length;
    expect(await ConfigurationRevision.countDocuments({})).to.equal(written);
    expect(await AuditEntry.countDocuments({ action: trusted({ $regex: '^configuration' }) })).to.equal(written);
  });
});
