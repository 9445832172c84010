import type { RJSFSchema } from '@rjsf/utils';
import { expect } from 'chai';
import type { Localized } from '../../core/console/language/use-text.tsx';
import { match } from '../../core/console/navigation/match.ts';
import { projectSchema } from '../../core/console/pages/plugin/settings/project-schema.ts';
import { formSchema } from '../../core/console/schema-form/form-schema.ts';
import { filledValues, type JsonSchema, kindOf } from '../../core/console/schema-form/json-schema.ts';
import { serverErrors } from '../../core/console/schema-form/server-errors.ts';
import { validator } from '../../core/console/schema-form/validator.ts';

describe('A form made of a JSON Schema', () => {
  it('has an input for each kind of value, and JSON for whatever fits none', () => {
    const kinds: [JsonSchema, string][] = [
      [{ type: 'string' }, 'text'],
      [{ type: 'string', format: 'secret' }, 'secret'],
      [{ type: 'string', maxLength: 5000 }, 'long'],
      [{ type: 'string', enum: ['a', 'b'] }, 'choice'],
      [{ type: ['integer', 'null'] }, 'number'],
      [{ type: 'boolean' }, 'flag'],
      [{ type: 'array', items: { type: 'string' } }, 'texts'],
      [{ type: 'array', items: { type: 'string', enum: ['a'] } }, 'choices'],
      [{ type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, 'parts'],
      [{ type: 'object', properties: { a: { type: 'string' } } }, 'parts'],
      [{ type: 'object', additionalProperties: { type: 'string' } }, 'parts'],
      [{ $ref: '#/$defs/a' }, 'parts'],
      [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'parts'],
      [{ type: 'array', items: { type: 'object' } }, 'json'],
      [{ type: 'array' }, 'json'],
      [{ type: 'object' }, 'json'],
      [{}, 'json'],
      [{ const: 'mail' }, 'fixed'],
    ];
    for (const [schema, kind] of kinds) expect(kindOf(schema), JSON.stringify(schema)).to.equal(kind);
  });

  it('reads in the reader’s language, at every depth, and drops the formats that only the host judges', () => {
    const own = (text: Localized | undefined) =>
      typeof text === 'object' ? (text['zh-Hans'] ?? text.en) : (text ?? '');
    const both = { en: 'Name', 'zh-Hans': '名称' };
    const { schema, uiSchema } = formSchema(
      {
        properties: {
          a: { type: 'array', items: { properties: { b: { type: 'string', title: both, format: 'secret' } } } },
        },
      },
      { own, t: (name) => name },
    );
    expect(schema).to.deep.equal({
      properties: { a: { type: 'array', items: { properties: { b: { type: 'string', title: '名称' } } } } },
    });
    expect(uiSchema).to.deep.equal({ a: { items: { b: { 'ui:widget': 'secret', 'ui:nested': true } } } });
  });

  it('offers no form at all where a choice may be left out, follows references, and shows no constant', () => {
    const mail = {
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: 'mail' }, seal: { $ref: '#/$defs/seal' } },
    };
    const file = { title: 'To a file', type: 'object', properties: { kind: { const: 'file' } } };
    const words = { own: (text: Localized | undefined) => String(text), t: (name: string) => `<${name}>` };
    const made = (required: string[]) =>
      formSchema(
        {
          ...{ type: 'object', required, $defs: { seal: { type: 'string', format: 'secret' } } },
          properties: { way: { oneOf: [mail, file] }, size: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
        },
        words,
      );
    const { schema, uiSchema } = made([]);
    const { way, size } = schema.properties as Record<string, any>;
    expect(way.oneOf.map(({ title, type }: JsonSchema) => title ?? type)).to.deep.equal([
      ...['<form.none>', 'object', 'To a file'],
    ]);
    expect(size.anyOf.map(({ title }: JsonSchema) => title)).to.deep.equal(['<form.kind_number>', '<form.kind_null>']);
    expect(way.oneOf[1].properties.seal).to.deep.equal({ type: 'string' });
    expect(uiSchema.way.oneOf[1]).to.deep.equal({
      ...{ kind: { 'ui:widget': 'hidden', 'ui:nested': true }, seal: { 'ui:widget': 'secret', 'ui:nested': true } },
    });
    const needed = made(['way']).schema.properties as Record<string, any>;
    expect(needed.way.oneOf).to.have.length(2);
  });

  it('puts what the host refused at its field, and tells apart what no field shows', () => {
    const schema = { properties: { list: {}, 'a/b': {} } };
    const errors = [
      { pointer: '/configuration/list/0/name', message: 'one' },
      { pointer: '/configuration/list/0/name', message: 'two' },
      { pointer: '/a~1b', message: 'three' },
      { pointer: '/configuration/unknown', message: 'four' },
      { pointer: '/revision', message: 'five' },
      { pointer: '/configuration/__proto__/x', message: 'six' },
    ];
    const { errorSchema, elsewhere } = serverErrors(errors, schema, '/configuration');
    expect(errorSchema).to.deep.equal({
      list: { 0: { name: { __errors: ['one', 'two'] } } },
      'a/b': { __errors: ['three'] },
    });
    expect(elsewhere.map(({ message }) => message)).to.deep.equal(['four', 'five', 'six']);
    expect(({} as { x?: unknown }).x).to.equal(undefined);
  });

  it('knows by interpreting which branch values are of', () => {
    const root: RJSFSchema = {
      $defs: { mail: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] } },
    };
    expect(validator.isValid({ $ref: '#/$defs/mail' }, { to: 'x' }, root)).to.equal(true);
    expect(validator.isValid({ $ref: '#/$defs/mail' }, {}, root)).to.equal(false);
    expect(validator.isValid({ $ref: '#/nowhere' }, {}, root)).to.equal(false);
    expect(validator.isValid({ type: 'null' }, undefined, root)).to.equal(true);
    expect(validator.isValid({ type: 'object' }, undefined, root)).to.equal(false);
  });

  it('asks a project for nothing, and fills nothing in that the workspace says', () => {
    const schema = {
      required: ['a'],
      properties: { a: { type: 'string', default: 'x' }, b: { type: 'integer', default: 1 } },
    };
    expect(projectSchema(schema, { a: 'of the workspace', b: 2 })).to.deep.equal({
      properties: { a: { type: 'string', examples: ['of the workspace'] }, b: { type: 'integer' } },
    });
  });

  it('sends nothing for what was left empty, but sends false, 0 and empty lists', () => {
    expect(filledValues({ a: '', b: undefined, c: false, d: 0, e: [] })).to.deep.equal({ c: false, d: 0, e: [] });
  });
});

describe('The address of a page', () => {
  it('gives its places decoded, a name with its slash included', () => {
    expect(match('/plugins/:id', '/plugins/ins_1')).to.deep.equal({ id: 'ins_1' });
    expect(match('/marketplace/*name', '/marketplace/@patchbay/hello')).to.deep.equal({ name: '@patchbay/hello' });
    expect(match('/marketplace/*name', '/marketplace/%40patchbay%2Fhello')).to.deep.equal({ name: '@patchbay/hello' });
    expect(match('/plugins', '/plugins/')).to.deep.equal({});
    expect(match('/', '/')).to.deep.equal({});
  });

  it('is not another page’s, and broken encoding is no page', () => {
    expect(match('/plugins', '/plugins/x')).to.equal(null);
    expect(match('/plugins/:id', '/plugins')).to.equal(null);
    expect(match('/marketplace/*name', '/marketplace')).to.equal(null);
    expect(match('/plugins/:id', '/plugins/%E0%A4%A')).to.equal(null);
  });
});
