import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { checkManifest } from '../../../sdk/contract/check-manifest.ts';
import { manifestSchema } from '../../../sdk/contract/manifest.ts';
import { tokensOf } from '../../../sdk/contract/pointer.ts';
import { wholeManifest } from './whole-manifest.ts';

const gone = Symbol('taken out');
const hmac = { scheme: 'hmac', algorithm: 'sha256', key: '{app.signing_secret}', message: '{request.body}' };
const deepSchema = (levels: number): object =>
  levels === 0 ? { type: 'string' } : { type: 'object', properties: { a: deepSchema(levels - 1) } };

/** Where something is put, what is put there, where the error must point, and words that it must say. */
const mistakes: [string, unknown, string, ...string[]][] = [
  // Shape
  ['/manifest_version', 2, '/manifest_version', 'must be 1'],
  ['/manifest_version', gone, '/manifest_version', 'is required', 'Add "manifest_version"'],
  ['/name', gone, '/name', 'is required', '@publisher/name'],
  ['/name', 'whole', '/name', '"whole"', '@publisher/name'],
  ['/name', '@Acme/Whole', '/name', '@publisher/name'],
  ['/version', '1.2', '/version', '"1.2"', '1.2.0'],
  ['/version', 'v1.2.3', '/version', '1.2.3'],
  ['/version', '1.2.3+build.7', '/version', 'build metadata', '1.2.3'],
  ['/version', '01.2.3', '/version', 'SemVer'],
  ['/actoins', {}, '/actoins', 'not a known field', 'actions'],
  ['/display_name', 5, '/display_name', 'a string or an object', 'integer'],
  ['/display_name', { 'zh-Hans': '完整' }, '/display_name/en', 'is required'],
  ['/repository_url', 'ftp://example.com', '/repository_url', 'pattern'],
  ['/author', { name: 'A', email: 'nobody' }, '/author/email', 'email', 'nobody'],
  ['/categories', ['Chat Tools'], '/categories/0', 'pattern'],
  ['/engines/patchbay', 'latest', '/engines/patchbay', 'semver range', '>=1.0.0'],
  ['/integration', gone, '/integration', 'required beside auth'],
  ['/integration/service_type', 'comunication', '/integration/service_type', 'communication'],
  ['/limits/heap_mb', 4_096, '/limits/heap_mb', 'at most 512', '4096'],
  ['/compatibility/successor', 'acme/new', '/compatibility/successor', 'pattern'],
  ['/configuration_migrations', { sometimes: 'rename_site' }, '/configuration_migrations/sometimes', 'range'],
  // Permissions
  ['/permissions/0/name', 'filesystem', '/permissions/0/name', 'must be one of', '"network"'],
  ['/permissions/0/name', 'netwrok', '/permissions/0/name', 'did you mean "network"'],
  ['/permissions/0/hosts', gone, '/permissions/0/hosts', 'is required'],
  ['/permissions/4/hosts', ['a.example.com'], '/permissions/4/hosts', 'not allowed here', 'remove it'],
  ['/permissions/0/reason', gone, '/permissions/0/reason', 'is required'],
  ['/permissions/0/hosts/1', '*', '/permissions/0/hosts/1', 'nothing may reach all'],
  ['/permissions/0/hosts/1', '*.com', '/permissions/0/hosts/1', 'top-level domain'],
  ['/permissions/0/hosts/1', 'https://api.example.com/v1', '/permissions/0/hosts/1', 'leave out the path'],
  ['/permissions/0/hosts/1', 'API.example.com', '/permissions/0/hosts/1', 'api.example.com'],
  ['/permissions/0/hosts/1', 'exämple.com', '/permissions/0/hosts/1', 'punycode'],
  ['/permissions/3', { name: 'storage', reason: 'x' }, '/permissions/4/name', 'twice'],
  ['/permissions/3', { name: 'records:read', models: ['isue'], reason: 'x' }, '/permissions/3/models/0', '"issue"'],
  ['/permissions/1', { name: 'storage', reason: 'x' }, '/permissions', 'events:emit'],
  ['/permissions/1/types', ['whole.mesage'], '/permissions/1/types', 'whole.mes'],
  // Schemas
  ['/configuration/nullable', true, '/configuration/nullable', '"null"'],
  ['/configuration/properties/site/if', {}, '/configuration/properties/site/if', 'oneOf'],
  ['/configuration/properties/site/patern', 'x', '/configuration/properties/site/patern', 'did you mean "pattern"'],
  ['/configuration/properties/site/pattern', '^(a)\\1$', '/configuration/properties/site/pattern', 'linear'],
  ['/configuration/properties/site/pattern', '(', '/configuration/properties/site/pattern', 'not a regular expression'],
  ['/configuration/properties/site/pattern', '^a{17}$', '/configuration/properties/site/pattern', 'maxLength'],
  ['/configuration/properties/site/format', 'host', '/configuration/properties/site/format', 'known format'],
  ['/configuration/properties/site/type', 'text', '/configuration/properties/site/type', 'JSON Schema 2020-12'],
  ['/configuration/properties/label/$ref', '#/$defs/lable', '/configuration/properties/label/$ref', '#/$defs/label'],
  [
    '/configuration/properties/label/$ref',
    'https://example.com/x',
    '/configuration/properties/label/$ref',
    'into this schema',
  ],
  [
    '/configuration/$defs/label',
    { items: { $ref: '#/$defs/label' } },
    '/configuration/$defs/label/items/$ref',
    'refer to itself',
  ],
  ['/configuration/properties/site', deepSchema(13), '/configuration', 'at most 12 levels'],
  [
    '/configuration/properties/site/enum',
    Array.from({ length: 1_001 }, (_, i) => `v${i}`),
    '/configuration/properties/site/enum',
    '1000',
  ],
  ['/configuration/description', 'x'.repeat(70_000), '/configuration', '65536 bytes'],
  ['/configuration/type', 'array', '/configuration', '"type": "object"'],
  ['/configuration/properties/token/default', 'hunter2', '/configuration/properties/token/default', 'secret', 'public'],
  ['/configuration/properties/token/type', 'number', '/configuration/properties/token/type', '"string"'],
  [
    '/configuration/properties/deep',
    { type: 'object', properties: { t: { type: 'string', format: 'secret' } } },
    '/configuration/properties/deep/properties/t',
    'top of configuration',
  ],
  ['/actions/post/input', { type: 'string' }, '/actions/post/input', '"type": "object"'],
  ['/actions/Post-It', { title: 'x' }, '/actions/Post-It', 'a name that is not allowed', 'lower-case'],
  ['/actions/post/title', gone, '/actions/post/title', 'is required'],
  ['/actions/post/timeout_ms', '5s', '/actions/post/timeout_ms', 'an integer, not string'],
  ['/streams/messages/schema/items', [{}], '/streams/messages/schema/items', 'one schema'],
  ['/events/whole.message/sample', {}, '/events/whole.message/sample/text', 'is required', 'sample'],
  // Auth and templates
  ['/auth/0/type', 'oauth', '/auth/0/type', 'did you mean "oauth', 'oauth2'],
  ['/auth/0/token', gone, '/auth/0/token', 'is required'],
  [
    '/auth/1/authorize',
    { url: 'https://x.example.com', scopes: [], pkce: 'S256' },
    '/auth/1/authorize',
    'not allowed here',
  ],
  ['/auth/1/name', 'oauth', '/auth/1/name', 'two auth entries'],
  ['/auth/0/hosts/0', 'evil.example.net', '/auth/0/hosts/0', 'network permission', 'evil.example.net'],
  ['/auth/0/base_url', 'http://api.example.com/', '/auth/0/base_url', 'https://'],
  ['/auth/0/authorize/pkce', 'plain', '/auth/0/authorize/pkce', '"S256"'],
  ['/auth/0/exchange', 'pages', '/auth/0/exchange', 'did you mean "page"'],
  ['/auth/1/inject/0/value', '{credentail.api_key}', '/auth/1/inject/0/value', 'credential.api_key'],
  ['/auth/1/inject/0/value', '{credential.api_key|bas64}', '/auth/1/inject/0/value', 'base64'],
  ['/auth/1/base_url', 'https://{config.sit}/', '/auth/1/base_url', '{config.site}'],
  ['/auth/1/base_url', 'https://api.example.com/{credential.api_key}/', '/auth/1/base_url', 'secret'],
  ['/auth/0/token/url', 'https://example.com/{app.client_secret}', '/auth/0/token/url', 'secret'],
  ['/auth/1/fields/api_key/default', 'abc', '/auth/1/fields/api_key/default', 'secret'],
  ['/learn/team_id/pattern', '(?=T)', '/learn/team_id/pattern', 'linear'],
  // Streams, triggers, events
  ['/streams/messages/model', 'mesage', '/streams/messages/model', '"message"'],
  ['/streams/messages/modes', ['all'], '/streams/messages/modes/0', '"full"'],
  ['/streams/messages/parent/stream', 'channel', '/streams/messages/parent/stream', 'did you mean "channels"'],
  ['/streams/channels/parent', { stream: 'messages' }, '/streams/channels/parent/stream', 'circle'],
  ['/streams/channels/deletes', 'feed', '/streams/channels/deletes', 'delta'],
  ['/streams/channels/modes', ['incremental'], '/streams/channels/deletes', '"full"'],
  ['/streams/channels/source', 'upload', '/streams/channels/upload', 'is required'],
  ['/triggers/events/verify', { ...hmac, signature: undefined }, '/triggers/events/verify/signature', 'is required'],
  ['/triggers/events/verify/scheme', 'hmca', '/triggers/events/verify/scheme', '"hmac"'],
  ['/triggers/events/verify/jwks', 'https://x.example.com', '/triggers/events/verify/jwks', 'not allowed here'],
  ['/triggers/events/verify', {}, '/triggers/events/verify/scheme', 'is required'],
  ['/triggers/events/route', gone, '/triggers/events/route', 'required for "address": "app"'],
  ['/triggers/events/route/to', 'team', '/triggers/events/route/to', 'learn'],
  ['/triggers/legacy/route', { to: 'team_id', by: { body: '/t' } }, '/triggers/legacy/route', 'remove it'],
  ['/triggers/events/emits/0', 'whole.mesage', '/triggers/events/emits/0', 'did you mean "whole.message"'],
  ['/triggers/events/writes/0', 'mesages', '/triggers/events/writes/0', 'did you mean "messages"'],
  [
    '/triggers/events/handshake/0/respond/body',
    '{app.signing_secret}',
    '/triggers/events/handshake/0/respond/body',
    'secret',
  ],
  [
    '/triggers/events/subscription/renew_before_s',
    9_999_999,
    '/triggers/events/subscription/renew_before_s',
    'less than',
  ],
  ['/triggers/events/verify/message', '{request.boddy}', '/triggers/events/verify/message', 'no part of a request'],
  ['/listens/0', 'task.creatd', '/listens/0', 'did you mean "task.created"'],
  ['/events/task.stolen', { schema: {}, sample: 1 }, '/events/task.stolen', "host's own nouns"],
  ['/rate_limits/0/per', 'user', '/rate_limits/0/per', '"credential"'],
  ['/answers/0/means', 'expire', '/answers/0/means', 'did you mean "expired"'],
  ['/answers/0/when', {}, '/answers/0/when', 'at least 1'],
  // What strangers write: the wrong type at depth, with how it is meant
  ['/permissions/0/hosts', 'api.example.com', '/permissions/0/hosts', 'an array, not string', '["api.example.com"]'],
  ['/permissions', { network: true }, '/permissions', 'an array, not object', 'a list'],
  ['/permissions/0', 'network', '/permissions/0', 'an object, not string', '{…}'],
  ['/permissions/4', null, '/permissions/4', 'an object, not null'],
  ['/permissions/0/optional', 'yes', '/permissions/0/optional', 'true or false, without quotes'],
  ['/permissions/3', { name: 'files', max_bytes: '10MB', reason: 'x' }, '/permissions/3/max_bytes', 'write a number'],
  ['/permissions/0/reason', '', '/permissions/0/reason', 'must not be empty', 'Write something'],
  ['/limits/heap_mb', '64', '/limits/heap_mb', 'write 64 without quotes'],
  ['/limits/memory', 64, '/limits/memory', 'not a known field', 'plugin.schema.json'],
  ['/license', 7, '/license', 'a string, not integer', 'write "7"'],
  ['/manifest_version', '1', '/manifest_version', 'must be 1', '"1"'],
  ['/actions', [], '/actions', 'an object, not array'],
  ['/actions/post', 'x', '/actions/post', 'an object, not string'],
  ['/actions/post/inputs', {}, '/actions/post/inputs', 'did you mean "input"'],
  ['/actions/post/timeout_ms', 0, '/actions/post/timeout_ms', 'at least 100', 'larger'],
  ['/streams/messages/primary_key', '/id', '/streams/messages/primary_key', '["/id"]'],
  ['/streams/messages/primary_key', ['id'], '/streams/messages/primary_key/0', 'pattern', 'write "/id"'],
  ['/streams/messages/cursor', { field: 'updated_at' }, '/streams/messages/cursor/field', 'write "/updated_at"'],
  ['/streams/messages/every_s', 1, '/streams/messages/every_s', 'at least 60'],
  ['/triggers/events/verify', 'hmac', '/triggers/events/verify', 'an object, not string'],
  ['/triggers/events/dedupe', ['X-Id'], '/triggers/events/dedupe/0', 'an object, not string'],
  ['/triggers/events/max_bytes', '1MB', '/triggers/events/max_bytes', 'an integer, not string'],
  ['/integration/type', 'My Type', '/integration/type', 'write "my_type"'],
  ['/support_url', 'help@example.com', '/support_url', 'mailto:help@example.com'],
  ['/auth/0/refresh', 'always', '/auth/0/refresh', 'must be "none" or an object', '"always"'],
  ['/answers/0/when/status', '5xx', '/answers/0/when/status', '"5xx"'],
  ['/main', 'index.js', '/main', 'not a known field'],
  // Versions, hosts, names
  ['/version', '^1.0.0', '/version', '"^1.0.0"', 'as in "1.0.0"'],
  ['/version', 1, '/version', 'a string, not integer', 'write "1"'],
  ['/version', '1.0.0\n', '/version', 'SemVer'],
  ['/engines/patchbay', '>=1.0.0 <', '/engines/patchbay', 'semver range'],
  ['/permissions/0/hosts/1', 'api.example.com:99999', '/permissions/0/hosts/1', 'port from 1 to 65535'],
  ['/permissions/0/hosts/1', '*.*.example.com', '/permissions/0/hosts/1', 'must be a host'],
  ['/permissions/0/hosts/1', 'user@api.example.com', '/permissions/0/hosts/1', 'must be a host'],
  ['/permissions/0/hosts/1', '{site}', '/permissions/0/hosts/1', 'without a source', '{config.site}'],
  ['/permissions/0/hosts/1', '{config.sitee}', '/permissions/0/hosts/1', 'did you mean {config.site}'],
  ['/permissions/0/methods/0', 'get', '/permissions/0/methods/0', 'write "GET"'],
  ['/events/Whole.Message', { schema: {}, sample: 1 }, '/events/Whole.Message', 'not allowed', 'lower-case'],
  // Schemas that say what nobody means
  ['/actions/post/input/properties/text/type', 'strng', '/actions/post/input/properties/text/type', 'write "string"'],
  ['/actions/post/input/required', 'text', '/actions/post/input/required', 'an array, not string', '"text"'],
  ['/actions/post/input/properties/text/minLength', '1', '/actions/post/input/properties/text/minLength', 'integer'],
  ['/actions/post/input/properties/text/maxLenght', 5, '/actions/post/input/properties/text/maxLenght', '"maxLength"'],
  ['/actions/post/input/properties/text/enum', [], '/actions/post/input/properties/text/enum', 'no value fits'],
  ['/actions/post/input/properties/text/default', 5, '/actions/post/input/properties/text/default', 'a string, not'],
  ['/configuration/properties/label/default', 'x'.repeat(41), '/configuration/properties/label/default', '40'],
  ['/configuration/required', ['sit'], '/configuration/required/0', '"sit"', 'did you mean "site"'],
  // Where credentials go
  ['/auth/0/base_url', 'https://other.example.net/', '/auth/0/base_url', 'other.example.net', 'hosts of this auth'],
  ['/auth/0/authorize/url', 'example.com/authorize', '/auth/0/authorize/url', 'https://'],
  ['/auth/0/inject/0/in', 'headers', '/auth/0/inject/0/in', 'write "header"'],
  ['/auth/0/inject/0/value', 'Bearer {access_token}', '/auth/0/inject/0/value', 'without a source', 'credential'],
  ['/auth/1/inject/0/value', 'Key {api_key}', '/auth/1/inject/0/value', 'write {credential.api_key}'],
  ['/auth/0/inject/0/value', 'Bearer {credential.acces_token}', '/auth/0/inject/0/value', '{credential.access_token}'],
  ['/auth/0/inject/0/value', 'Bearer {credential.access_token', '/auth/0/inject/0/value', 'not closed'],
  ['/triggers/events/verify/algorithm', 'SHA-256', '/triggers/events/verify/algorithm', 'write "sha256"'],
  [
    '/triggers/legacy/verify',
    { all: [{ ...hmac, algorithm: 'md4', signature: { header: 'X', encoding: 'hex' } }] },
    '/triggers/legacy/verify/all/0/algorithm',
    '"md5"',
  ],
];

describe('checkManifest', () => {
  it('takes a manifest that uses every part', () => {
    expect(checkManifest(structuredClone(wholeManifest))).to.include({ ok: true });
  });

  for (const [place, value, pointer, ...words] of mistakes) {
    const shown = value === gone ? 'left out' : JSON.stringify(value).slice(0, 50);
    it(`says what is wrong with ${place} ${shown}`, () => {
      const checked = checkManifest(withMistake(place, value));
      if (checked.ok) throw new Error('it was taken');
      const error = checked.errors.find((one) => one.pointer === pointer);
      expect(error, JSON.stringify(checked.errors.map(({ message }) => message))).not.to.equal(undefined);
      const said = `${error?.message} ${error?.fix}`;
      for (const word of words) expect(said).to.contain(word);
      expect(error?.fix).not.to.equal('');
      expect(said).not.to.match(/\bat .*\.(ts|js):\d+/);
      expect(said.length).to.be.below(1_200);
    });
  }

  for (const value of [null, 'text', [], 5, undefined]) {
    it(`refuses ${JSON.stringify(value) ?? 'nothing'} in place of a manifest`, () => {
      const checked = checkManifest(value);
      expect(checked.ok).to.equal(false);
    });
  }

  it('has a mistake for every rule that no schema can say', () => {
    const pointers = mistakes.map(([, , pointer]) => pointer);
    expect(mistakes.length).to.be.at.least(60);
    expect(new Set(pointers.map((pointer) => tokensOf(pointer)[0])).size).to.be.at.least(18);
  });
});

describe('plugin.schema.json', () => {
  const file = JSON.parse(readFileSync(new URL('../../../sdk/contract/plugin.schema.json', import.meta.url), 'utf8'));

  it('is what the code checks with (node sdk/contract/write-plugin-schema.ts writes it)', () => {
    expect(file).to.deep.equal(JSON.parse(JSON.stringify(manifestSchema)));
  });

  it('is plain JSON Schema 2020-12 that any validator can use', () => {
    const validate = new Ajv2020({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      allowUnionTypes: true,
      formats: { uri: true, email: true },
    }).compile(file);
    expect(validate(wholeManifest), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ name: '@a/b' })).to.equal(false);
  });
});

function withMistake(place: string, value: unknown): object {
  const manifest: object = structuredClone(wholeManifest);
  const tokens = tokensOf(place);
  const last = tokens.pop() ?? '';
  const parent = tokens.reduce<Record<string, any>>((part, token) => {
    part[token] ??= {};
    return part[token];
  }, manifest);
  if (value === gone) delete parent[last];
  else parent[last] = value === undefined ? value : JSON.parse(JSON.stringify(value));
  return manifest;
}
