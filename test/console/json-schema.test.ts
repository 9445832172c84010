import { expect } from 'chai';
import { match } from '../../core/console/navigation/match.ts';
import { filledValues, firstValues, kindOf } from '../../core/console/schema-form/json-schema.ts';

describe('A form made of a JSON Schema', () => {
  it('has an input for each kind of value, and JSON for whatever fits none', () => {
    expect(kindOf({ type: 'string' })).to.equal('text');
    expect(kindOf({ type: 'string', format: 'secret' })).to.equal('secret');
    expect(kindOf({ type: 'string', maxLength: 5000 })).to.equal('long');
    expect(kindOf({ type: 'string', enum: ['a', 'b'] })).to.equal('choice');
    expect(kindOf({ type: ['integer', 'null'] })).to.equal('number');
    expect(kindOf({ type: 'boolean' })).to.equal('flag');
    expect(kindOf({ type: 'array', items: { type: 'string' } })).to.equal('texts');
    expect(kindOf({ type: 'array', items: { type: 'string', enum: ['a'] } })).to.equal('choices');
    expect(kindOf({ type: 'array', items: { type: 'object' } })).to.equal('json');
    expect(kindOf({ type: 'object' })).to.equal('json');
    expect(kindOf({})).to.equal('json');
  });

  it('starts with what is known, else with the defaults, false and 0 included', () => {
    const schema = {
      properties: { a: { default: 1 }, b: { default: false }, c: {}, d: { default: 'x' } },
    };
    expect(firstValues(schema, { a: 0 })).to.deep.equal({ a: 0, b: false, d: 'x' });
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
