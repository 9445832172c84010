/** What `GET /health` tells; also the content of its failures, so that a monitor reads the same fields either way. */
export const healthContent = {
  type: 'object',
  additionalProperties: false,
  required: [
    'status',
    'service',
    'timestamp',
    'version',
    'database',
    'cache',
    'sandbox',
    'barriers',
    'webhooks_active',
    'integrations_active',
    'plugins_installed',
  ],
  properties: {
    status: { type: 'string', enum: ['healthy', 'unhealthy'] },
    service: { const: 'integration-service' },
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'string' },
    database: { type: 'string', enum: ['connected', 'disconnected'] },
    cache: {
      type: 'string',
      enum: ['connected', 'disconnected'],
      description: 'whether changes made by other nodes are heard',
    },
    sandbox: { type: 'string', enum: ['up', 'starting', 'down'] },
    barriers: {
      type: 'object',
      additionalProperties: { type: 'boolean' },
      description: 'which barriers around plugin processes hold, tried at start',
    },
    webhooks_active: { type: ['integer', 'null'] },
    integrations_active: { type: ['integer', 'null'] },
    plugins_installed: { type: ['integer', 'null'] },
  },
} as const;

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
    help: { type: 'string', description: 'where it is explained, with the way out; also in the `Link` header' },
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
    ...healthContent.properties,
  },
} as const;
