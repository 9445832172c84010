import { expect } from 'chai';
import { type RunningHost, startHost } from '../../helpers/host.ts';
import { bombs } from '../../sdk/contract/bombs.ts';

/** What the issue allows one of them; on a busy machine, what ten ordinary ones take there. */
const boundMs = 1000;

const nested = (levels: number) => `${'{"properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`;
/** Schemas, as JSON, that intake must refuse, with the rule that each breaks; null: the body's own limits end it. */
const refused: [string, string, string | null][] = [
  ['an enum of 200,000', JSON.stringify({ enum: Array.from({ length: 200_000 }, (_, i) => i) }), null],
  ['an enum of 2,000', JSON.stringify({ enum: Array.from({ length: 2_000 }, (_, i) => i) }), 'schema-enum'],
  ['20 levels', nested(20), 'schema-depth'],
  ['5,000 levels', nested(5_000), null],
  ['a pattern that looks back', JSON.stringify({ type: 'string', pattern: '^(a*)\\1$' }), 'schema-pattern'],
  ['a recursive $ref', '{"$ref":"#/$defs/a","$defs":{"a":{"items":{"$ref":"#/$defs/a"}}}}', 'schema-recursion'],
  [
    'references that double at each level',
    JSON.stringify({
      $ref: '#/$defs/d0',
      $defs: Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `d${i}`,
          i === 39 ? {} : { anyOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
        ]),
      ),
    }),
    'schema-unfolds',
  ],
  ['over 64 KB', JSON.stringify({ description: 'x'.repeat(70_000) }), 'schema-size'],
];

/** The linear engine takes it, so nothing is spent: the text is only wrong. */
const catastrophic: (typeof bombs)[number] = [
  'a pattern that backtracks elsewhere',
  { properties: { it: { type: 'string', pattern: '^(a+)+$' } } },
  `${'a'.repeat(100_000)}b`,
];

describe('schema bombs over HTTP', function schemaBombs() {
  this.timeout(180_000);
  let host: RunningHost;
  let key: string;
  let calm: string;
  /** ms of the slowest answer that the other client had while nothing else went on */
  let idle = 0;
  /** ms that an ordinary plugin takes to be sideloaded and configured */
  let usual = 0;
  const told: string[] = [];

  before(async () => {
    host = await startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } });
    key = (await host.request('POST', '/api-keys', { body: { name: 'other', scopes: ['admin'] } })).body.content.key;
    const rule = { type: 'object', properties: { it: { type: 'integer' } } };
    for (const name of ['@mine/calm', '@mine/usual']) {
      const began = performance.now();
      calm = await sideload(name, rule);
      const written = await host.request('PUT', `/plugins/${calm}/configuration`, {
        body: { configuration: { it: 1 } },
      });
      expect(written.status, written.text).to.equal(200);
      usual = performance.now() - began;
    }
    await others(() => pause(300));
    idle = (await others(() => pause(1500))).longest;
  });
  after(async () => {
    process.stdout.write(`      idle ${idle.toFixed(0)} ms, usual ${usual.toFixed(0)} ms\n${told.join('')}`);
    await host.remove();
  });

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  function draft(name: string, schema: string) {
    const manifest = `{"manifest_version":1,"name":"${name}","version":"1.0.0","display_name":"Bomb",
      "engines":{"patchbay":">=1.0.0"},"configuration":${schema},"actions":{"go":{"title":"Go","input":${schema}}}}`;
    const bundle = `export default { manifest: ${manifest}, handlers: { actions: { async go() { return 'done'; } } } };`;
    return Buffer.from(`{"name":"${name}","manifest":${manifest},"bundle":${JSON.stringify(bundle)}}`);
  }

  async function sideload(name: string, schema: object): Promise<string> {
    const made = await host.request('POST', '/plugins', {
      bytes: draft(name, JSON.stringify(schema)),
      headers: { 'content-type': 'application/json' },
    });
    expect(made.status, made.text.slice(0, 2000)).to.equal(201);
    return made.body.content.id as string;
  }

  /** Reads settings and health as somebody else, without a pause, for as long as `work` goes on. */
  async function others<Result>(work: () => Promise<Result>) {
    let isOver = false;
    let [answered, longest] = [0, 0];
    const loop = async () => {
      while (!isOver) {
        const began = performance.now();
        const path = answered % 10 === 0 ? '/health' : `/plugins/${calm}/configuration`;
        const response = await fetch(`${host.url}/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } });
        await response.arrayBuffer();
        expect(response.status).to.equal(200);
        longest = Math.max(longest, performance.now() - began);
        answered += 1;
        await pause(5);
      }
    };
    const running = loop();
    const began = performance.now();
    let result: Result;
    let took: number;
    try {
      result = await work();
      took = performance.now() - began;
    } finally {
      isOver = true;
      await running;
    }
    return { result, took, answered, longest };
  }

  function expectQuick(what: string, seen: { took: number; answered: number; longest: number }) {
    const { took, answered, longest } = seen;
    told.push(`      ${what}: ${took.toFixed(0)} ms; others ${answered}, longest ${longest.toFixed(0)} ms\n`);
    const most = Math.max(boundMs, 10 * usual);
    expect(took, what).to.be.lessThan(most);
    expect(answered, `others while ${what}`).to.be.greaterThan(0);
    expect(longest, `others while ${what}`).to.be.lessThan(most);
  }

  for (const [number, [what, schema, rule]] of refused.entries()) {
    it(`refuses ${what} in under a second while others are served`, async () => {
      const bytes = draft(`@mine/refused-${number}`, schema);
      const seen = await others(() =>
        host.request('POST', '/plugins', { bytes, headers: { 'content-type': 'application/json' } }),
      );
      const { status, text } = seen.result;
      expect(status, text).to.be.oneOf([400, 413, 422]);
      if (rule !== null) expect(text).to.include(rule);
      expectQuick(`refuse ${what}`, seen);
    });
  }

  for (const [number, [what, rules, it_]] of [...bombs, catastrophic].entries()) {
    it(`ends ${what}, as settings and as an input, in under a second while others are served`, async () => {
      const id = await sideload(`@mine/let-in-${number}`, { type: 'object', ...rules });
      const [settings, input] = [{ configuration: { it: it_ } }, { input: { it: it_ } }];
      for (const [how, method, path, body] of [
        ['settings', 'PUT', 'configuration', settings],
        ['input', 'POST', 'actions/go', input],
      ] as const) {
        const bytes = Buffer.from(JSON.stringify(body));
        const seen = await others(() =>
          host.request(method, `/plugins/${id}/${path}`, { bytes, headers: { 'content-type': 'application/json' } }),
        );
        expect(seen.result.status, seen.result.text.slice(0, 2000)).to.equal(422);
        expect(seen.result.body.content.errors[0]).to.include({
          keyword: rules === catastrophic[1] ? 'pattern' : 'budget',
        });
        expectQuick(`end ${what} as ${how}`, seen);
      }
    });
  }
});
