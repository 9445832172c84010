import { expect } from 'chai';
import { type Block, type Inline, parseMarkdown, safeLink } from '../../core/console/markdown/parse-markdown.ts';

/** Every address that a document links to. */
function links(blocks: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(blocks, (key, value) => {
    if (key === 'href') found.push(value);
    return value;
  });
  return found;
}
const texts = (inside: Inline[]): string =>
  inside.map((one) => ('text' in one ? one.text : texts(one.inside))).join('');

describe('Markdown of strangers', () => {
  it('becomes headings, paragraphs, lists, quotes, code, tables and rules', () => {
    const text = [
      '# Title',
      'One **two** *three* `four`',
      'goes on',
      '',
      '- a',
      '- b',
      '  still b',
      '',
      '1. first',
      '',
      '> said',
      '',
      '```js',
      'const x = "<b>"',
      '```',
      '',
      '| a | b |',
      '|---|---|',
      '| 1 | 2 |',
      '',
      '---',
    ].join('\n');
    const blocks = parseMarkdown(text);
    const kinds = ['heading', 'paragraph', 'list', 'list', 'quote', 'code', 'table', 'rule'];
    expect(blocks.map((block) => block.kind)).to.deep.equal(kinds);
    expect(texts((blocks[1] as Block & { inside: Inline[] }).inside)).to.equal('One two three four goes on');
    expect((blocks[2] as { items: Inline[][] }).items.map(texts)).to.deep.equal(['a', 'b still b']);
    expect(blocks[5]).to.deep.equal({ kind: 'code', text: 'const x = "<b>"' });
  });

  it('keeps links to the web and to mail addresses, and no others', () => {
    const text =
      '[a](https://a.example/x) [b](mailto:b@c.example) [c](javascript:alert(1)) [d](data:text/html,x) [e](/api/v1/me) [f](JaVaScRiPt:alert%281%29)';
    expect(links(parseMarkdown(text))).to.deep.equal(['https://a.example/x', 'mailto:b@c.example']);
  });

  it('loads no image unasked: it is a link', () => {
    const [block] = parseMarkdown('![spy](https://tracker.example/pixel.gif)');
    expect(block).to.deep.equal({
      kind: 'paragraph',
      inside: [{ kind: 'link', href: 'https://tracker.example/pixel.gif', inside: [{ kind: 'text', text: 'spy' }] }],
    });
  });

  it('has no node for HTML: a tag stays the text that it is', () => {
    const attacks = [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<a href="javascript:alert(1)">x</a>',
      '<svg/onload=alert(1)>',
      '<iframe srcdoc="<script>alert(1)</script>">',
    ];
    for (const attack of attacks) {
      const blocks = parseMarkdown(attack);
      expect(links(blocks)).to.deep.equal([]);
      expect(texts((blocks[0] as Block & { inside: Inline[] }).inside)).to.equal(attack);
    }
  });

  for (const [name, make] of Object.entries({
    'open brackets': () => '['.repeat(100_000),
    'open stars': () => '*'.repeat(100_000),
    'open backticks': () => '`'.repeat(100_000),
    'nested quotes': () => `${'>'.repeat(50_000)} x`,
    'links in links': () => '[a]('.repeat(40_000),
    'table bars': () => `|${'a|'.repeat(50_000)}\n|${'-|'.repeat(50_000)}\n`,
    'list marks': () => '- \n'.repeat(60_000),
  }))
    it(`comes to an end with ${name} without end`, () => {
      expect(parseMarkdown(make())).to.be.an('array');
    }).timeout(5000);

  it('takes an address only when it is one', () => {
    expect(safeLink('https://a.example')).to.equal('https://a.example/');
    for (const bad of ['javascript:1', ' javascript:1', 'vbscript:x', 'file:///etc/passwd', '//a.example', 'x', ''])
      expect(safeLink(bad), bad).to.equal(null);
  });
});
