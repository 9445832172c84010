/** One top-level setting's schema, with values that it must refuse: the pointer below the setting, and what is said. */
export interface WrongValues {
  what: string;
  schema: Record<string, unknown>;
  /** of the whole settings: definitions that the schema refers to */
  $defs?: Record<string, unknown>;
  right: unknown[];
  wrong: [value: unknown, pointer: string, message: string][];
}

const kinds = {
  oneOf: [
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'path'],
      properties: { kind: { const: 'file' }, path: { type: 'string', minLength: 1 } },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'host', 'port'],
      properties: {
        kind: { const: 'server' },
        host: { type: 'string', format: 'hostname' },
        port: { type: 'integer', minimum: 1, maximum: 65_535 },
      },
    },
  ],
};

export const table: WrongValues[] = [
  {
    what: 'a text',
    schema: { type: 'string' },
    right: ['', 'héllo 你好 😀'],
    wrong: [
      [1, '', 'must be a string, not integer'],
      [1.5, '', 'must be a string, not number'],
      [true, '', 'must be a string, not boolean'],
      [null, '', 'must be a string, not null'],
      [['a'], '', 'must be a string, not array'],
      [{ a: 1 }, '', 'must be a string, not object'],
    ],
  },
  {
    what: 'a whole number',
    schema: { type: 'integer' },
    right: [0, -3, 2.0, 9_007_199_254_740_991],
    wrong: [
      ['3', '', 'must be an integer, not string'],
      [3.5, '', 'must be an integer, not number'],
      [false, '', 'must be an integer, not boolean'],
      [null, '', 'must be an integer, not null'],
      [[3], '', 'must be an integer, not array'],
      [{}, '', 'must be an integer, not object'],
    ],
  },
  {
    what: 'a number in bounds',
    schema: { type: 'number', minimum: -1.5, maximum: 100 },
    right: [-1.5, 0, 100],
    wrong: [
      [-1.6, '', 'must be at least -1.5'],
      [100.01, '', 'must be at most 100'],
      [1e300, '', 'must be at most 100'],
      ['ten', '', 'must be a number, not string'],
      [[], '', 'must be a number, not array'],
      [null, '', 'must be a number, not null'],
    ],
  },
  {
    what: 'yes or no',
    schema: { type: 'boolean' },
    right: [true, false],
    wrong: [
      ['true', '', 'must be a boolean, not string'],
      [0, '', 'must be a boolean, not integer'],
      [1, '', 'must be a boolean, not integer'],
      [null, '', 'must be a boolean, not null'],
      [[], '', 'must be a boolean, not array'],
    ],
  },
  {
    what: 'one of two types',
    schema: { type: ['string', 'null'] },
    right: ['a', null],
    wrong: [
      [0, '', 'must be a string or null, not integer'],
      [false, '', 'must be a string or null, not boolean'],
      [[], '', 'must be a string or null, not array'],
      [{}, '', 'must be a string or null, not object'],
    ],
  },
  {
    what: 'a text of a certain length',
    schema: { type: 'string', minLength: 2, maxLength: 4 },
    right: ['ab', '😀😀', '中文字元'],
    wrong: [
      ['', '', 'must have at least 2 characters'],
      ['a', '', 'must have at least 2 characters'],
      ['😀', '', 'must have at least 2 characters'],
      ['abcde', '', 'must have at most 4 characters'],
      ['😀😀😀😀😀', '', 'must have at most 4 characters'],
      [12, '', 'must be a string, not integer'],
    ],
  },
  {
    what: 'a text that must not be empty, of one character',
    schema: { type: 'string', minLength: 1, maxLength: 1 },
    right: ['x', '字'],
    wrong: [
      ['', '', 'must not be empty'],
      ['xy', '', 'must have at most 1 character'],
      [null, '', 'must be a string, not null'],
    ],
  },
  {
    what: 'one word of a list',
    schema: { enum: ['europe', 'america', 'asia'] },
    right: ['europe', 'asia'],
    wrong: [
      ['mars', '', 'must be one of "europe", "america", "asia"'],
      ['eurpoe', '', 'must be one of "europe", "america", "asia"; did you mean "europe"?'],
      ['Asia', '', 'must be one of "europe", "america", "asia"; did you mean "asia"?'],
      ['', '', 'must be one of "europe", "america", "asia"'],
      [1, '', 'must be one of "europe", "america", "asia"'],
      [null, '', 'must be one of "europe", "america", "asia"'],
      [['europe'], '', 'must be one of "europe", "america", "asia"'],
    ],
  },
  {
    what: 'one value of a list of many kinds',
    schema: { enum: [1, '1', true, null, { a: [1, 2] }] },
    right: [1, '1', true, null, { a: [1, 2] }],
    wrong: [
      [2, '', 'must be one of 1, "1", true, null, {"a":[1,2]}'],
      [false, '', 'must be one of 1, "1", true, null, {"a":[1,2]}'],
      [{ a: [2, 1] }, '', 'must be one of 1, "1", true, null, {"a":[1,2]}'],
      [{ a: [1, 2], b: 1 }, '', 'must be one of 1, "1", true, null, {"a":[1,2]}'],
    ],
  },
  {
    what: 'a constant',
    schema: { const: 'v2' },
    right: ['v2'],
    wrong: [
      ['v1', '', 'must be "v2"'],
      [2, '', 'must be "v2"'],
      [null, '', 'must be "v2"'],
      [{ v: 2 }, '', 'must be "v2"'],
    ],
  },
  {
    what: 'a text after a pattern',
    schema: { type: 'string', pattern: '^[A-Z][A-Z0-9]*-[0-9]+$', examples: ['OPS-12'] },
    right: ['A-1', 'OPS2-99'],
    wrong: [
      ['ops-1', '', 'must match the pattern "^[A-Z][A-Z0-9]*-[0-9]+$", such as "OPS-12"'],
      ['OPS-', '', 'must match the pattern "^[A-Z][A-Z0-9]*-[0-9]+$", such as "OPS-12"'],
      ['OPS-1\n', '', 'must match the pattern "^[A-Z][A-Z0-9]*-[0-9]+$", such as "OPS-12"'],
      ['', '', 'must match the pattern "^[A-Z][A-Z0-9]*-[0-9]+$", such as "OPS-12"'],
      [1, '', 'must be a string, not integer'],
    ],
  },
  {
    what: 'a text after a pattern that stalls the usual engine',
    schema: { type: 'string', pattern: '^(a+)+$' },
    right: ['a', 'a'.repeat(1_000)],
    wrong: [
      [`${'a'.repeat(40)}!`, '', 'must match the pattern "^(a+)+$"'],
      [`${'a'.repeat(5_000)}!`, '', 'must match the pattern "^(a+)+$"'],
    ],
  },
  {
    what: 'an email address',
    schema: { type: 'string', format: 'email' },
    right: ['ada@example.com'],
    wrong: [
      ['ada', '', 'must be a valid email, such as "ada@example.com"'],
      ['ada@', '', 'must be a valid email, such as "ada@example.com"'],
      ['a b@example.com', '', 'must be a valid email, such as "ada@example.com"'],
      ['', '', 'must be a valid email, such as "ada@example.com"'],
      [{}, '', 'must be a string, not object'],
    ],
  },
  {
    what: 'a web address',
    schema: { type: 'string', format: 'uri' },
    right: ['https://example.com/a?b=c', 'urn:isbn:0451450523'],
    wrong: [
      ['example.com', '', 'must be a valid uri, such as "https://example.com/path"'],
      ['/path', '', 'must be a valid uri, such as "https://example.com/path"'],
      ['https://exa mple.com', '', 'must be a valid uri, such as "https://example.com/path"'],
      ['', '', 'must be a valid uri, such as "https://example.com/path"'],
    ],
  },
  {
    what: 'a moment',
    schema: { type: 'string', format: 'date-time' },
    right: ['2026-01-31T09:00:00Z', '2026-01-31T09:00:00.5+02:00'],
    wrong: [
      ['2026-01-31', '', 'must be a valid date-time, such as "2026-01-31T09:00:00Z"'],
      ['2026-02-30T09:00:00Z', '', 'must be a valid date-time, such as "2026-01-31T09:00:00Z"'],
      ['2026-01-31T25:00:00Z', '', 'must be a valid date-time, such as "2026-01-31T09:00:00Z"'],
      ['2026-01-31T09:00:00', '', 'must be a valid date-time, such as "2026-01-31T09:00:00Z"'],
      ['yesterday', '', 'must be a valid date-time, such as "2026-01-31T09:00:00Z"'],
    ],
  },
  {
    what: 'a day, an hour, a length of time',
    schema: {
      type: 'object',
      properties: {
        day: { type: 'string', format: 'date' },
        at: { type: 'string', format: 'time' },
        every: { type: 'string', format: 'duration' },
      },
    },
    right: [{ day: '2024-02-29', at: '09:00:00Z', every: 'P1DT2H' }],
    wrong: [
      [{ day: '2023-02-29' }, '/day', 'must be a valid date, such as "2026-01-31"'],
      [{ day: '31.1.2026' }, '/day', 'must be a valid date, such as "2026-01-31"'],
      [{ at: '9 am' }, '/at', 'must be a valid time, such as "09:00:00Z"'],
      [{ at: '24:30:00Z' }, '/at', 'must be a valid time, such as "09:00:00Z"'],
      [{ every: '15m' }, '/every', 'must be a valid duration, such as "PT15M"'],
      [{ every: 'P' }, '/every', 'must be a valid duration, such as "PT15M"'],
    ],
  },
  {
    what: 'a host and its addresses',
    schema: {
      type: 'object',
      properties: {
        name: { type: 'string', format: 'hostname' },
        v4: { type: 'string', format: 'ipv4' },
        v6: { type: 'string', format: 'ipv6' },
      },
    },
    right: [{ name: 'api.example.com', v4: '192.0.2.1', v6: '2001:db8::1' }],
    wrong: [
      [{ name: 'https://example.com' }, '/name', 'must be a valid hostname, such as "api.example.com"'],
      [{ name: 'a b' }, '/name', 'must be a valid hostname, such as "api.example.com"'],
      [{ v4: '192.0.2.256' }, '/v4', 'must be a valid IPv4 address, such as "192.0.2.1"'],
      [{ v4: '192.0.2' }, '/v4', 'must be a valid IPv4 address, such as "192.0.2.1"'],
      [{ v6: '192.0.2.1' }, '/v6', 'must be a valid IPv6 address, such as "2001:db8::1"'],
      [{ v6: '2001:db8::1::2' }, '/v6', 'must be a valid IPv6 address, such as "2001:db8::1"'],
    ],
  },
  {
    what: 'ids and bytes',
    schema: {
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        bytes: { type: 'string', format: 'byte' },
        pointer: { type: 'string', format: 'json-pointer' },
        key: { type: 'string', format: 'pem' },
      },
    },
    right: [{ id: '123e4567-e89b-12d3-a456-426614174000', bytes: 'aGVsbG8=', pointer: '/a~1b' }],
    wrong: [
      [{ id: '123' }, '/id', 'must be a valid uuid, such as "123e4567-e89b-12d3-a456-426614174000"'],
      [
        { id: '123e4567e89b12d3a456426614174000' },
        '/id',
        'must be a valid uuid, such as "123e4567-e89b-12d3-a456-426614174000"',
      ],
      [{ bytes: 'not base64!' }, '/bytes', 'must be a valid base64 text, such as "aGVsbG8="'],
      [{ pointer: 'a/b' }, '/pointer', 'must be a valid json-pointer, such as "/items/0"'],
      [{ pointer: '/~2' }, '/pointer', 'must be a valid json-pointer, such as "/items/0"'],
      [{ key: 'my key' }, '/key', 'must be a valid PEM text, such as "-----BEGIN CERTIFICATE-----"'],
    ],
  },
  {
    what: 'a list of texts',
    schema: { type: 'array', items: { type: 'string', maxLength: 5 }, minItems: 1, maxItems: 3 },
    right: [['a'], ['a', 'b', 'c']],
    wrong: [
      [[], '', 'must have at least 1 entry'],
      [['a', 'b', 'c', 'd'], '', 'must have at most 3 entries'],
      [['a', 2], '/1', 'must be a string, not integer'],
      [['far too long'], '/0', 'must have at most 5 characters'],
      [['a', ['b']], '/1', 'must be a string, not array'],
      [[null], '/0', 'must be a string, not null'],
      ['a', '', 'must be an array, not string'],
      [{ 0: 'a' }, '', 'must be an array, not object'],
    ],
  },
  {
    what: 'a list of lists of numbers',
    schema: {
      type: 'array',
      items: { type: 'array', items: { type: 'array', items: { type: 'integer', minimum: 0 } } },
    },
    right: [[], [[]], [[[1, 2], []], [[3]]]],
    wrong: [
      [[1], '/0', 'must be an array, not integer'],
      [[[1]], '/0/0', 'must be an array, not integer'],
      [[[['1']]], '/0/0/0', 'must be an integer, not string'],
      [
        [
          [
            [1, 2],
            [3, -1],
          ],
        ],
        '/0/1/1',
        'must be at least 0',
      ],
      [[[[1]], [[1], [2, 2.5]]], '/1/1/1', 'must be an integer, not number'],
      [[[], [[0], [null]]], '/1/1/0', 'must be an integer, not null'],
    ],
  },
  {
    what: 'an object with required fields',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['host', 'port'],
      properties: { host: { type: 'string' }, port: { type: 'integer' }, secure: { type: 'boolean' } },
    },
    right: [{ host: 'a', port: 1 }],
    wrong: [
      [{ host: 'a' }, '/port', 'is required'],
      [{ port: 1 }, '/host', 'is required'],
      [{ host: 'a', port: 1, color: 'red' }, '/color', 'is not a known field'],
      [{ host: 'a', port: 1, secrue: true }, '/secrue', 'is not a known field; did you mean "secure"?'],
      [{ host: 1, port: 1 }, '/host', 'must be a string, not integer'],
      [{ host: 'a', port: '1' }, '/port', 'must be an integer, not string'],
      [[], '', 'must be an object, not array'],
      ['host', '', 'must be an object, not string'],
    ],
  },
  {
    what: 'a map of numbers',
    schema: { type: 'object', additionalProperties: { type: 'number', maximum: 10 } },
    right: [{}, { a: 1, 'b/c': 2 }],
    wrong: [
      [{ a: '1' }, '/a', 'must be a number, not string'],
      [{ 'b/c': 11 }, '/b~1c', 'must be at most 10'],
      [{ 'd~e': null }, '/d~0e', 'must be a number, not null'],
      [{ 名字: true }, '/名字', 'must be a number, not boolean'],
      [{ '': 'x' }, '/', 'must be a number, not string'],
    ],
  },
  {
    what: 'a list of objects in objects',
    schema: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1 },
          rules: {
            type: 'array',
            items: { type: 'object', required: ['on'], properties: { on: { enum: ['push', 'release'] } } },
          },
        },
      },
    },
    right: [[{ name: 'a', rules: [{ on: 'push' }] }]],
    wrong: [
      [[{}], '/0/name', 'is required'],
      [[{ name: '' }], '/0/name', 'must not be empty'],
      [[{ name: 'a' }, { name: 'b', rule: [] }], '/1/rule', 'is not a known field; did you mean "rules"?'],
      [[{ name: 'a', rules: [{}] }], '/0/rules/0/on', 'is required'],
      [
        [{ name: 'a', rules: [{ on: 'pull' }] }],
        '/0/rules/0/on',
        'must be one of "push", "release"; did you mean "push"?',
      ],
      [[{ name: 'a', rules: {} }], '/0/rules', 'must be an array, not object'],
      [[{ name: 'a', rules: ['push'] }], '/0/rules/0', 'must be an object, not string'],
    ],
  },
  {
    what: 'one of two kinds, told apart by a constant',
    schema: kinds,
    right: [
      { kind: 'file', path: '/tmp' },
      { kind: 'server', host: 'a.example', port: 22 },
    ],
    wrong: [
      [{ kind: 'server', host: 'a.example' }, '/port', 'is required'],
      [{ kind: 'server', host: 'a.example', port: 0 }, '/port', 'must be at least 1'],
      [{ kind: 'server', host: 'a b', port: 22 }, '/host', 'must be a valid hostname, such as "api.example.com"'],
      [{ kind: 'file', path: '' }, '/path', 'must not be empty'],
      [{ kind: 'file', path: '/tmp', port: 22 }, '/port', 'is not a known field'],
      [{ kind: 'cloud' }, '/kind', 'must be one of "file", "server"'],
      ['file', '', 'must be an object, not string'],
    ],
  },
  {
    what: 'a list of kinds',
    schema: { type: 'array', items: kinds },
    right: [[{ kind: 'file', path: 'a' }]],
    wrong: [
      [[{ kind: 'file', path: 'a' }, { kind: 'file' }], '/1/path', 'is required'],
      [[{ kind: 'server', host: 'a.example', port: 65_536 }], '/0/port', 'must be at most 65535'],
      [[[]], '/0', 'must be an object, not array'],
    ],
  },
  {
    what: 'one of two kinds, told apart by their fields',
    schema: {
      oneOf: [
        { type: 'object', required: ['host'], additionalProperties: false, properties: { host: { type: 'string' } } },
        { type: 'object', required: ['id'], additionalProperties: false, properties: { id: { type: 'integer' } } },
      ],
    },
    right: [{ host: 'a' }, { id: 1 }],
    wrong: [
      [{ host: 5 }, '/host', 'must be a string, not integer'],
      [{ id: 'x' }, '/id', 'must be an integer, not string'],
      [{}, '', 'fits none of the allowed forms: host is required, or id is required'],
      [7, '', 'must be an object, not integer'],
    ],
  },
  {
    what: 'a number of one of two kinds, but not of both',
    schema: {
      oneOf: [
        { type: 'integer', maximum: 10 },
        { type: 'number', minimum: 5 },
      ],
    },
    right: [1, 4, 11, 12.5],
    wrong: [
      [7, '', 'fits more than one of the allowed forms (1, 2); give only what belongs to one of them'],
      [10, '', 'fits more than one of the allowed forms (1, 2); give only what belongs to one of them'],
      [4.5, '', 'must be at least 5'],
      ['7', '', 'must be an integer or a number, not string'],
    ],
  },
  {
    what: 'a word, a number, or a list of words',
    schema: {
      anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1 }, { type: 'array', items: { type: 'string' } }],
    },
    right: ['auto', 3, ['a']],
    wrong: [
      ['manual', '', 'must be "auto", an integer or an array, not string'],
      [0, '', 'must be at least 1'],
      [true, '', 'must be "auto", an integer or an array, not boolean'],
      [['a', 1], '/1', 'must be a string, not integer'],
      [1.5, '', 'must be "auto", an integer or an array, not number'],
    ],
  },
  {
    what: 'an address as text or in parts',
    schema: {
      anyOf: [
        { type: 'string', format: 'email' },
        {
          type: 'object',
          additionalProperties: false,
          required: ['user', 'host'],
          properties: { user: { type: 'string' }, host: { type: 'string', format: 'hostname' } },
        },
      ],
    },
    right: ['a@example.com', { user: 'a', host: 'example.com' }],
    wrong: [
      ['nobody', '', 'must be a valid email, such as "ada@example.com"'],
      [{ user: 'a' }, '/host', 'is required'],
      [{ user: 'a', host: 'x y' }, '/host', 'must be a valid hostname, such as "api.example.com"'],
      [{ user: 1, host: 'example.com' }, '/user', 'must be a string, not integer'],
      [5, '', 'must be a string or an object, not integer'],
      [null, '', 'must be a string or an object, not null'],
    ],
  },
  {
    what: 'all of several rules',
    schema: {
      allOf: [
        { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        {
          type: 'object',
          properties: { name: { type: 'string', maxLength: 3 }, size: { type: 'integer', minimum: 1 } },
        },
      ],
    },
    right: [{ name: 'abc', size: 1 }],
    wrong: [
      [{}, '/name', 'is required'],
      [{ name: 'abcd' }, '/name', 'must have at most 3 characters'],
      [{ name: 'a', size: 0 }, '/size', 'must be at least 1'],
      [{ name: 4 }, '/name', 'must be a string, not integer'],
    ],
  },
  {
    what: 'definitions that are used twice',
    schema: { type: 'object', properties: { from: { $ref: '#/$defs/place' }, to: { $ref: '#/$defs/place' } } },
    $defs: {
      place: {
        type: 'object',
        required: ['zone'],
        properties: { zone: { $ref: '#/$defs/zone' }, tags: { type: 'array', items: { $ref: '#/$defs/tag' } } },
      },
      zone: { enum: ['north', 'south'] },
      tag: { type: 'string', pattern: '^[a-z]+$' },
    },
    right: [{ from: { zone: 'north' }, to: { zone: 'south', tags: ['a'] } }],
    wrong: [
      [{ from: {} }, '/from/zone', 'is required'],
      [{ to: { zone: 'west' } }, '/to/zone', 'must be one of "north", "south"'],
      [{ to: { zone: 'nroth' } }, '/to/zone', 'must be one of "north", "south"; did you mean "north"?'],
      [{ from: { zone: 'north', tags: ['a', 'B'] } }, '/from/tags/1', 'must match the pattern "^[a-z]+$"'],
      [{ from: 'north' }, '/from', 'must be an object, not string'],
    ],
  },
  {
    what: 'a secret',
    schema: { type: 'string', format: 'secret', minLength: 8, maxLength: 20, pattern: '^[!-~]+$' },
    right: ['long enough'.replace(' ', '-')],
    wrong: [
      ['short', '', 'must have at least 8 characters'],
      ['x'.repeat(21), '', 'must have at most 20 characters'],
      ['has a space', '', 'must match the pattern "^[!-~]+$"'],
      [12_345_678, '', 'must be a string, not integer'],
      [null, '', 'must be a string, not null'],
      [['long-enough'], '', 'must be a string, not array'],
      ['••••', '', 'reads "••••", which keeps a secret that was set before; none was, so write the secret itself'],
    ],
  },
  {
    what: 'rules of a schedule',
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['when'],
      properties: {
        when: {
          oneOf: [
            { const: 'never' },
            {
              type: 'object',
              additionalProperties: false,
              required: ['every_s'],
              properties: { every_s: { type: 'integer', minimum: 60 } },
            },
            {
              type: 'object',
              additionalProperties: false,
              required: ['days', 'at'],
              properties: {
                days: { type: 'array', minItems: 1, maxItems: 7, items: { enum: ['mon', 'tue', 'wed', 'thu', 'fri'] } },
                at: { type: 'string', format: 'time' },
              },
            },
          ],
        },
        retries: { type: 'array', items: { type: 'integer', minimum: 1, maximum: 3600 }, maxItems: 2 },
      },
    },
    right: [
      { when: 'never' },
      { when: { every_s: 60 } },
      { when: { days: ['mon'], at: '09:00:00Z' }, retries: [1, 60] },
    ],
    wrong: [
      [{}, '/when', 'is required'],
      [{ when: 'always' }, '/when', 'must be "never" or an object, not string'],
      [{ when: 5 }, '/when', 'must be "never" or an object, not integer'],
      [{ when: { every_s: 59 } }, '/when/every_s', 'must be at least 60'],
      [{ when: { every_s: '60' } }, '/when/every_s', 'must be an integer, not string'],
      [{ when: { days: [], at: '09:00:00Z' } }, '/when/days', 'must have at least 1 entry'],
      [
        { when: { days: ['sun'], at: '09:00:00Z' } },
        '/when/days/0',
        'must be one of "mon", "tue", "wed", "thu", "fri"',
      ],
      [{ when: { days: ['mon'], at: '9:00' } }, '/when/at', 'must be a valid time, such as "09:00:00Z"'],
      [{ when: { days: ['mon'] } }, '/when/at', 'is required'],
      [{ when: 'never', retries: [0] }, '/retries/0', 'must be at least 1'],
      [{ when: 'never', retries: [1, 2, 3] }, '/retries', 'must have at most 2 entries'],
      [{ when: 'never', retry: [1] }, '/retry', 'is not a known field'],
    ],
  },
  {
    what: 'an expression of conditions',
    schema: { $ref: '#/$defs/all' },
    $defs: {
      all: {
        type: 'object',
        required: ['all'],
        properties: { all: { type: 'array', items: { $ref: '#/$defs/some' } } },
      },
      some: { anyOf: [{ $ref: '#/$defs/test' }, { type: 'array', items: { $ref: '#/$defs/test' }, minItems: 2 }] },
      test: {
        type: 'object',
        additionalProperties: false,
        required: ['field', 'is'],
        properties: {
          field: { type: 'string', minLength: 1 },
          is: { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'null' }] },
        },
      },
    },
    right: [
      {
        all: [
          { field: 'a', is: null },
          [
            { field: 'a', is: 1 },
            { field: 'b', is: 'x' },
          ],
        ],
      },
    ],
    wrong: [
      [{ all: {} }, '/all', 'must be an array, not object'],
      [{ all: [1] }, '/all/0', 'must be an object or an array, not integer'],
      [{ all: [{ field: 'a' }] }, '/all/0/is', 'is required'],
      [{ all: [{ field: '', is: 1 }] }, '/all/0/field', 'must not be empty'],
      [{ all: [{ field: 'a', is: true }] }, '/all/0/is', 'must be a string, a number or null, not boolean'],
      [{ all: [{ field: 'a', is: [] }] }, '/all/0/is', 'must be a string, a number or null, not array'],
      [{ all: [[{ field: 'a', is: 1 }]] }, '/all/0', 'must have at least 2 entries'],
      [
        {
          all: [
            [
              { field: 'a', is: 1 },
              { field: 2, is: 1 },
            ],
          ],
        },
        '/all/0/1/field',
        'must be a string, not integer',
      ],
      [{ any: [] }, '/all', 'is required'],
    ],
  },
  {
    what: 'a text in a certain language or in each',
    schema: {
      anyOf: [
        { type: 'string', maxLength: 10 },
        {
          type: 'object',
          additionalProperties: false,
          required: ['en'],
          properties: { en: { type: 'string', maxLength: 10 }, 'zh-Hans': { type: 'string', maxLength: 10 } },
        },
      ],
    },
    right: ['hello', { en: 'hello', 'zh-Hans': '你好' }],
    wrong: [
      ['much too long', '', 'must have at most 10 characters'],
      [{ 'zh-Hans': '你好' }, '/en', 'is required'],
      [{ en: 'hello', 'zh-hans': '你好' }, '/zh-hans', 'is not a known field; did you mean "zh-Hans"?'],
      [{ en: 'much too long' }, '/en', 'must have at most 10 characters'],
      [{ en: ['hello'] }, '/en', 'must be a string, not array'],
      [['hello'], '', 'must be a string or an object, not array'],
      [0, '', 'must be a string or an object, not integer'],
    ],
  },
  {
    what: 'nothing at all',
    schema: { type: 'object', additionalProperties: false },
    right: [{}],
    wrong: [
      [{ a: 1 }, '/a', 'is not a known field'],
      [{ 'a.b': { $gt: 1 } }, '/a.b', 'is not a known field'],
      [0, '', 'must be an object, not integer'],
    ],
  },
];
