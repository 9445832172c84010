const text = { type: 'string' } as const;

export const events = {
  'slack.message': {
    title: 'A message was posted',
    schema: {
      type: 'object',
      required: ['team', 'channel', 'text', 'ts'],
      properties: { team: text, channel: text, user: text, text, ts: text, thread_ts: text, kind: text },
    },
    sample: { team: 'T12345678', channel: 'C000000001', user: 'U1', text: 'Hello', ts: '1503435956.000247' },
  },
  'slack.app_mention': {
    title: 'The app was mentioned',
    schema: {
      type: 'object',
      required: ['team', 'channel', 'text', 'ts'],
      properties: { team: text, channel: text, user: text, text, ts: text, thread_ts: text },
    },
    sample: { team: 'T12345678', channel: 'C000000001', user: 'U1', text: '<@U9> deploy', ts: '1503435956.000247' },
  },
  'slack.reaction': {
    title: 'A reaction was added or removed',
    schema: {
      type: 'object',
      required: ['team', 'reaction', 'added'],
      properties: {
        team: text,
        channel: text,
        user: text,
        reaction: text,
        added: { type: 'boolean' },
        message_ts: text,
      },
    },
    sample: { team: 'T12345678', channel: 'C000000001', user: 'U1', reaction: 'eyes', added: true },
  },
  'slack.channel': {
    title: 'A channel changed',
    schema: {
      type: 'object',
      required: ['team', 'channel', 'change'],
      properties: { team: text, channel: text, name: text, user: text, change: text },
    },
    sample: { team: 'T12345678', channel: 'C000000001', name: 'general', change: 'created' },
  },
} as const;
