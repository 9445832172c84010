/** What `content` may hold when a request failed: each field is there only where it means something. */
export const failureContent = {
  title: 'FailureContent',
  type: 'object',
  additionalProperties: false,
  properties: {
    errors: {
      type: 'array',
      description: 'F40022, F42304: every broken rule',
      items: {
        title: 'FieldError',
        type: 'object',
        additionalProperties: false,
        required: ['pointer', 'message', 'keyword', 'params'],
        properties: {
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) to the value' },
          message: { type: 'string' },
          keyword: { type: 'string', description: 'the keyword of JSON Schema, or our own rule' },
          params: { type: 'object', additionalProperties: true, description: 'the rule’s own values' },
        },
      },
    },
    error: {
      title: 'PluginError',
      type: 'object',
      description: 'F42308: what the plugin did',
      additionalProperties: false,
      required: ['type', 'message', 'plugin', 'version', 'invocation_id'],
      properties: {
        type: { type: 'string' },
        message: { type: 'string' },
        plugin: { type: 'string' },
        version: { type: 'string' },
        invocation_id: { type: 'string' },
      },
    },
    request_id: { type: 'string', description: 'F50000: tell this to the operator' },
    nearest: { type: ['string', 'null'], description: 'what was perhaps meant' },
    matches: { type: 'array', items: { type: 'string' }, description: 'the names that all fit' },
    reason: { type: 'string', description: 'a stable word for what exactly was refused' },
    permissions_missing: {
      type: 'array',
      items: { type: 'object', additionalProperties: true },
      description: 'F42306: required, not granted',
    },
    permissions_added: {
      type: 'array',
      items: { type: 'object', additionalProperties: true },
      description: 'F42306: wanted by the upgrade, not granted yet',
    },
    findings: {
      type: 'array',
      items: { type: 'object', additionalProperties: true },
      description: 'what the registry’s review found',
    },
    integrations: {
      type: 'array',
      items: { type: 'string' },
      description: 'ids of the integrations that are in the way',
    },
    revision: { type: ['integer', 'null'], description: 'the revision that is stored now' },
    sync_id: { type: 'string', description: 'F42305: the sync that is running' },
    status: { type: 'object', additionalProperties: true, description: 'health: what is up and what is down' },
  },
} as const;
