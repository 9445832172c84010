export const manifest = {
  manifest_version: 1,
  name: '@patchbay/hello',
  version: '1.0.0',
  display_name: { en: 'Hello', 'zh-Hans': '你好', 'zh-Hant': '你好' },
  description: {
    en: 'Greets by name: the smallest plugin that shows settings, actions, storage and logs',
    'zh-Hans': '按名字问候：展示设置、动作、存储与日志的最小插件',
    'zh-Hant': '依名字問候：展示設定、動作、儲存與日誌的最小外掛',
  },
  license: 'MIT',
  author: 'Patchbay',
  categories: ['example'],
  keywords: ['example', 'greeting'],
  engines: { patchbay: '>=1.0.0' },
  permissions: [{ name: 'storage', reason: 'Remembers how often it counted' }],
  configuration: {
    type: 'object',
    additionalProperties: false,
    properties: {
      greeting: { type: 'string', title: 'Greeting', description: 'The first word', default: 'Hello', maxLength: 80 },
    },
  },
  actions: {
    greet: {
      title: 'Greet somebody',
      idempotent: true,
      expose_as_tool: true,
      input: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: { name: { type: 'string', title: 'Name', minLength: 1, maxLength: 100 } },
      },
      output: {
        type: 'object',
        additionalProperties: false,
        required: ['greeting'],
        properties: { greeting: { type: 'string' } },
      },
    },
    count: {
      title: 'Count one more',
      output: {
        type: 'object',
        additionalProperties: false,
        required: ['count'],
        properties: { count: { type: 'integer' } },
      },
    },
  },
} as const;
