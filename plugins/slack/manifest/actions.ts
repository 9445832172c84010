const channel = {
  type: 'object',
  required: ['id', 'name', 'private', 'archived'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    private: { type: 'boolean' },
    archived: { type: 'boolean' },
    members: { type: 'integer' },
    topic: { type: 'string' },
  },
} as const;

export const actions = {
  post_message: {
    title: 'Post a message',
    expose_as_tool: true,
    input: {
      type: 'object',
      additionalProperties: false,
      required: ['channel', 'text'],
      properties: {
        channel: { type: 'string', title: 'Channel', description: 'Its id, or #name', minLength: 1, maxLength: 80 },
        text: { type: 'string', title: 'Text', description: 'Slack mrkdwn', minLength: 1, maxLength: 40_000 },
        thread_ts: {
          type: 'string',
          title: 'Thread',
          description: 'The ts of the message to answer',
          pattern: '^[0-9]+[.][0-9]+$',
          maxLength: 40,
        },
      },
    },
    output: {
      type: 'object',
      required: ['channel', 'ts'],
      properties: { channel: { type: 'string' }, ts: { type: 'string' } },
    },
  },
  list_channels: {
    title: 'List channels',
    idempotent: true,
    expose_as_tool: true,
    input: {
      type: 'object',
      additionalProperties: false,
      properties: {
        private: { type: 'boolean', title: 'Private ones too', default: false },
        limit: { type: 'integer', title: 'At most', minimum: 1, maximum: 1000, default: 200 },
      },
    },
    output: {
      type: 'object',
      required: ['channels', 'more'],
      properties: { channels: { type: 'array', items: channel }, more: { type: 'boolean' } },
    },
  },
} as const;
