/**
 * The contract gate of the vendor mocks: an OpenAPI document, cut down to the operations that a mock keeps, judges each
 * request before the mock sees it and each answer before it leaves. What breaks the vendor's own document is kept in
 * `violations`, and a test that ends with one has failed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Document, Request } from 'openapi-backend';
import openapiBackend from 'openapi-backend';

export interface VendorRequest {
  operation: string;
  params: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  /** the mock's own address, without trailing slash */
  origin: string;
}
export interface VendorAnswer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** the status whose documented answer this is, where the vendor answers failures with 200 */
  documented_as?: number;
}
export interface Exchange {
  operation: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
  status: number;
}
export interface VendorServer {
  url: string;
  /** every request that arrived, in order */
  exchanges: Exchange[];
  /** what broke the vendor's document, in words; must be empty at the end of a test */
  violations: string[];
  stop(): Promise<void>;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Keeps the named paths of a document and only the components that they reach, so that a 13 MB document loads at once.
 * `nullable` beside no `type` is dropped: Ajv refuses such a schema, and a gate that skips the body is none.
 */
export function cutDocument(document: Json, keep: string[]): Json {
  const paths = document.paths as Json;
  const components: Record<string, Json> = {};
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isObject(value)) return value;
    const reference = value.$ref;
    if (typeof reference === 'string' && reference.startsWith('#/components/')) {
      const [, , kind = '', name = ''] = reference.split('/');
      const group = components[kind] ?? {};
      components[kind] = group;
      if (!(name in group)) {
        group[name] = null;
        group[name] = visit(((document.components as Json)[kind] as Json)[name]);
      }
      return { $ref: reference };
    }
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !(key === 'nullable' && value.type === undefined))
        .map(([key, child]) => [key, visit(child)]),
    );
  };
  const kept = Object.fromEntries(
    keep.map((path) => {
      if (!paths[path]) throw new Error(`the vendor's document has no path ${path}`);
      return [path, visit(paths[path])];
    }),
  );
  return { openapi: '3.0.3', info: document.info, paths: kept, components };
}

/**
 * Serves a mock behind its vendor's document on a free loopback port.
 *
 * @param document an OpenAPI 3.0 document, see `cutDocument`
 * @param answer the mock: gets checked requests only
 * @param options `root` is the path before every path of the document, such as `/api`; `prepare` may complete a request
 *   before the check, for documents that ask for what no real client sends
 */
export async function serveVendor(
  document: Json,
  answer: (request: VendorRequest) => VendorAnswer,
  options: { root?: string; prepare?: (request: Request) => void; refuse?: (problems: string[]) => VendorAnswer } = {},
): Promise<VendorServer> {
  const backend = new openapiBackend.OpenAPIBackend({
    definition: document as unknown as Document,
    quick: true,
    validate: true,
    apiRoot: options.root ?? '/',
    ajvOpts: { strict: false, validateFormats: false, logger: false },
  });
  await backend.init();
  const exchanges: Exchange[] = [];
  const violations: string[] = [];
  let origin = '';

  const judge = (request: Request): { operation: string; answer: VendorAnswer } => {
    const operation = backend.matchOperation(request);
    const name = operation?.operationId;
    if (!operation || !name) {
      violations.push(`${request.method} ${request.path}: no such operation in the vendor's document`);
      return { operation: 'unknown', answer: { status: 404, body: { message: 'Not Found' } } };
    }
    options.prepare?.(request);
    const check = backend.validateRequest(request, operation);
    if (!check.valid) {
      const problems = (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
      violations.push(`${name}: ${problems.join('; ')}`);
      return {
        operation: name,
        answer: options.refuse?.(problems) ?? { status: 422, body: { message: 'Validation Failed' } },
      };
    }
    const parsed = backend.router.parseRequest(request, operation);
    const made = answer({
      operation: name,
      params: parsed.params as Record<string, string>,
      query: Object.fromEntries(Object.entries(parsed.query).map(([key, value]) => [key, String(value)])),
      headers: parsed.headers as Record<string, string>,
      body: isObject(parsed.requestBody) ? parsed.requestBody : {},
      origin,
    });
    if (made.body !== undefined) {
      const own = backend.validateResponse(made.body, operation, made.documented_as ?? made.status);
      if (own.errors?.length)
        violations.push(
          `${name}: the mock's own answer ${made.status}: ${own.errors.map((e) => `${e.instancePath} ${e.message}`).join('; ')}`,
        );
    }
    return { operation: name, answer: made };
  };

  const server = createServer((incoming, outgoing) => {
    void serve(incoming, outgoing).catch((error: unknown) => {
      violations.push(`the mock itself failed: ${String(error)}`);
      outgoing.writeHead(500).end();
    });
  });
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? '/', 'http://mock');
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, String(value)]));
    const request: Request = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body: readBody(Buffer.concat(chunks).toString('utf8'), headers['content-type'] ?? ''),
    };
    const { operation, answer: made } = judge(request);
    exchanges.push({
      operation,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body: request.body,
      status: made.status,
    });
    outgoing.writeHead(made.status, { 'content-type': 'application/json; charset=utf-8', ...made.headers });
    outgoing.end(made.body === undefined ? undefined : JSON.stringify(made.body));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin + (options.root ?? ''),
    exchanges,
    violations,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function readBody(text: string, type: string): unknown {
  if (text === '') return undefined;
  if (type.startsWith('application/json')) return JSON.parse(text);
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  return text;
}
