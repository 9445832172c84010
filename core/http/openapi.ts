import { failures } from '../../sdk/contract/failure.ts';
import { failureContent } from './failure-content.ts';
import type { Route } from './route.ts';
import { base, bySpecificity } from './router.ts';

type Json = Record<string, unknown>;

/** How a person or a program shows who it is; `core/http` only says so in the document. */
const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'an access token of POST /auth/login, or an API key' },
  api_key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'an API key, `pb_live_…`' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'pb_session',
    description: 'the console’s session; writes also need X-CSRF-Token',
  },
};

/**
 * The OpenAPI 3.1 document of the routes. Object schemas with a `title` become components, so that the document
 * names things as the code does.
 *
 * @throws Error when two different schemas carry the same title
 */
export function openApi(routes: readonly Route[], about: { url: string; version: string }): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of [...routes].sort(bySpecificity)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, components) };
  }
  const failure = components.take({
    title: 'Failure',
    type: 'object',
    additionalProperties: false,
    required: ['code', 'msg', 'content'],
    properties: {
      code: { type: 'string', enum: [...new Set(Object.values(failures).map(({ code }) => code))] },
      msg: { type: 'string' },
      content: failureContent,
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Patchbay',
      version: about.version,
      description: 'An open plugin host and marketplace for integrations.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.url + base }],
    security: [{ bearer: [] }, { api_key: [] }, { session: [] }],
    tags: [...new Set(routes.map(tagOf))].sort().map((name) => ({ name, description: `Paths under /${name}` })),
    paths,
    components: {
      securitySchemes,
      schemas: components.all(),
      responses: {
        ClientFailure: {
          description: 'The request cannot be answered as it is (F4…)',
          content: { 'application/json': { schema: failure } },
        },
        ServerFailure: {
          description: 'The host, a plugin or a vendor failed (F5…, F42305, F42307, F42308)',
          content: { 'application/json': { schema: failure } },
        },
      },
    },
  };
}

function operation(route: Route, components: Components): Json {
  const params = [...route.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = Object.entries(route.query).map(([name, schema]) => {
    const { description, ...rest } = schema as Json;
    return {
      name,
      in: 'query',
      required: false,
      ...(description ? { description } : {}),
      schema: components.take(rest),
    };
  });
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    tags: [tagOf(route)],
    ...(route.who === 'public' ? { security: [] } : { 'x-right': route.who }),
    ...(params.length + query.length > 0 ? { parameters: [...params, ...query] } : {}),
    ...requestBody(route, components),
    responses: {
      ...success(route, components),
      '4XX': { $ref: '#/components/responses/ClientFailure' },
      '5XX': { $ref: '#/components/responses/ServerFailure' },
    },
  };
}

function requestBody(route: Route, components: Components): Json {
  if (route.bytes) {
    const content = Object.fromEntries(
      route.bytes.map((type) => [type, { schema: { type: 'string', contentMediaType: type } }]),
    );
    return { requestBody: { required: true, content } };
  }
  if (!route.body) return {};
  return {
    requestBody: {
      required: !route.body_optional,
      content: { 'application/json': { schema: components.take(route.body) } },
    },
  };
}

function success(route: Route, components: Components): Json {
  const content: Json = route.answer ? { 'application/json': { schema: enveloped(route.answer, components) } } : {};
  for (const type of route.produces ?? []) content[type] ??= { schema: { type: 'string' } };
  const redirects = route.produces !== undefined && !route.answer;
  return {
    [String(route.status)]: { description: 'Success', ...(Object.keys(content).length > 0 ? { content } : {}) },
    ...(route.accepted
      ? {
          '202': {
            description: 'Accepted; asked for with `Prefer: respond-async` (RFC 7240)',
            content: { 'application/json': { schema: enveloped(route.accepted, components) } },
          },
        }
      : {}),
    ...(redirects ? { '303': { description: 'See the address in Location' } } : {}),
  };
}

function enveloped(content: object, components: Components): Json {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['code', 'msg', 'content'],
    properties: { code: { const: 'S10000' }, msg: { type: 'string' }, content: components.take(content) },
  };
}

/** `GET /plugins/{id}/logs` → `getPluginsIdLogs`. */
function operationId(route: Route): string {
  const words = route.path.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return route.method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
}

function tagOf(route: Route): string {
  return route.path.split('/')[1] ?? 'service';
}

/** Schemas with a title, moved to `components.schemas` and referred to by name. */
class Components {
  readonly #schemas = new Map<string, { text: string; schema: unknown }>();

  take(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((part) => this.take(part));
    if (typeof schema !== 'object' || schema === null) return schema;
    const { title } = schema as { title?: unknown };
    const inner = Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, literal.has(key) ? value : this.take(value)]),
    );
    if (typeof title !== 'string' || !/^[A-Z][A-Za-z0-9]+$/.test(title)) return inner;
    const text = JSON.stringify(schema);
    const known = this.#schemas.get(title);
    if (known && known.text !== text) throw new Error(`Two different schemas are titled ${title}: rename one`);
    this.#schemas.set(title, { text, schema: inner });
    return { $ref: `#/components/schemas/${title}` };
  }

  all(): Json {
    return Object.fromEntries(
      [...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, { schema }]) => [title, schema]),
    );
  }
}

/** Keywords whose values are data, not schemas. */
const literal = new Set(['const', 'enum', 'default', 'examples', 'required']);
