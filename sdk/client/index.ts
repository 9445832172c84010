import type { Operations } from './api.ts';

export type { Operations, Schemas } from './api.ts';

/* A client of the host's HTTP API (`API.md`). Works wherever `fetch` does. */

/** The name of an operation: method and path, as the document has them. */
export type Operation = keyof Operations;
/** What an operation answers. */
export type AnswerOf<O extends Operation> = Operations[O]['answer'];

type Given<Name extends string, Value> = [Value] extends [undefined]
  ? { [K in Name]?: never }
  : undefined extends Value
    ? { [K in Name]?: Value }
    : Record<never, never> extends Value
      ? { [K in Name]?: Value }
      : { [K in Name]: Value };
/** What an operation takes: the parts of its path, its query and its body, as far as it has them. */
export type InputOf<O extends Operation> = Given<'params', Operations[O]['params']> &
  Given<'query', Operations[O]['query']> &
  Given<'body', Operations[O]['body']> &
  Pick<RequestOptions, 'headers' | 'signal'>;
type InputArguments<O extends Operation> =
  Record<never, never> extends InputOf<O> ? [input?: InputOf<O>] : [input: InputOf<O>];

export interface ClientOptions {
  /** `http://localhost:8093`; the base path is added. */
  url: string;
  /** Access token of a person, or what answers the current one. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** `pb_live_…` */
  apiKey?: string;
  /** Workspace to act in, for people who have several. */
  workspace?: string;
  /** Language of messages: `en`, `zh-Hans`, `zh-Hant`. */
  language?: string;
  fetch?: typeof fetch;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** A raw body, with its content type. */
  bytes?: Uint8Array<ArrayBuffer>;
  type?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** What the host answered instead of success, or that it did not answer (`code` is then `''`, `status` 0). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** `F…` */
  readonly code: string;
  readonly status: number;
  readonly content: unknown;
  readonly request_id: string | null;
  readonly retry_after_s: number | null;
  constructor(
    message: string,
    details: { code?: string; status?: number; content?: unknown; headers?: Headers; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code ?? '';
    this.status = details.status ?? 0;
    this.content = details.content ?? {};
    this.request_id = details.headers?.get('x-request-id') ?? null;
    this.retry_after_s = Number(details.headers?.get('retry-after')) || null;
  }
}

export interface Client {
  /**
   * One operation, its input and answer typed by the host's own OpenAPI document.
   *
   * @example
   * const { plugins } = await client.call('GET /plugins', { query: { size: 100 } })
   * const { output } = await client.call('POST /plugins/{id}/actions/{action}', {
   *   params: { id: plugins[0].id, action: 'greet' }, body: { input: { name: 'Ana' } },
   * })
   * @throws {ApiError} for every answer that is no success, and when there is none
   */
  call<O extends Operation>(operation: O, ...input: InputArguments<O>): Promise<AnswerOf<O>>;
  /**
   * One request; answers the envelope's `content`.
   * @param path below the base path: `/plugins/{id}`, with its parts encoded by `path`
   * @throws {ApiError} for every answer that is no success, and when there is none
   */
  request<T = unknown>(method: Method, path: string, options?: RequestOptions): Promise<T>;
  /** An answer outside the envelope: a tarball, a file. */
  download(path: string, options?: RequestOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** An answer that goes on: server-sent events. Ends with `options.signal`. */
  stream(path: string, options?: RequestOptions): Promise<AsyncIterable<Uint8Array<ArrayBuffer>>>;
}

/**
 * Makes a client.
 *
 * @example
 * const client = createClient({ url: 'http://localhost:8093', apiKey: process.env.PATCHBAY_KEY })
 * const { plugins } = await client.call('GET /plugins', { query: { size: 100 } })
 */
export function createClient(options: ClientOptions): Client {
  const send = async (method: Method, path: string, request: RequestOptions) => {
    const url = new URL(`${options.url.replace(/\/+$/, '')}/api/v1${path}`);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { headers, body } = await prepared(options, request);
    try {
      return await (options.fetch ?? fetch)(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(request.signal ? { signal: request.signal } : {}),
      });
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new ApiError(`${url.origin} does not answer: ${reason}`, { cause });
    }
  };
  const request = async <T>(method: Method, path: string, given: RequestOptions = {}): Promise<T> =>
    (await contentOf(await send(method, path, given))) as T;
  return {
    request,
    call: (operation, ...[input]) => {
      const { params, ...given } = (input ?? {}) as RequestOptions & { params?: Record<string, string> };
      const [method = '', pattern = ''] = operation.split(' ');
      const filled = pattern.replace(/\{([a-z_]+)\}/g, (_whole, name: string) => {
        const value = params?.[name];
        if (value === undefined) throw new ApiError(`${operation} needs params.${name}`);
        return encodeURIComponent(value);
      });
      return request(method as Method, filled, given);
    },
    async download(path, request = {}) {
      const answer = await send('GET', path, request);
      if (!answer.ok) await contentOf(answer);
      return new Uint8Array(await answer.arrayBuffer());
    },
    async stream(path, request = {}) {
      const answer = await send('GET', path, request);
      if (!answer.ok || !answer.body) await contentOf(answer);
      return answer.body as AsyncIterable<Uint8Array<ArrayBuffer>>;
    },
  };
}

/** Encodes values into a path: path`/plugins/${name}`. */
export function path(texts: TemplateStringsArray, ...values: (string | number)[]): string {
  return texts.reduce((whole, text, i) => whole + encodeURIComponent(String(values[i - 1])) + text);
}

async function prepared(options: ClientOptions, request: RequestOptions) {
  const token = typeof options.token === 'function' ? await options.token() : options.token;
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (options.apiKey) headers['x-api-key'] = options.apiKey;
  if (options.workspace) headers['x-workspace-id'] = options.workspace;
  if (options.language) headers['accept-language'] = options.language;
  const type = request.type ?? (request.bytes ? 'application/octet-stream' : 'application/json');
  const body = request.bytes ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  if (body !== undefined) headers['content-type'] = type;
  return { headers: { ...headers, ...request.headers }, body };
}

async function contentOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  let envelope: { code?: string; msg?: string; content?: unknown };
  try {
    envelope = JSON.parse(text);
  } catch (cause) {
    const message = `The answer (${answer.status}) is no Patchbay envelope; is ${new URL(answer.url).origin} a Patchbay host?`;
    throw new ApiError(message, { status: answer.status, headers: answer.headers, cause });
  }
  if (answer.ok && envelope.code?.startsWith('S')) return envelope.content;
  throw new ApiError(envelope.msg ?? `The host answered ${answer.status}`, {
    ...(envelope.code === undefined ? {} : { code: envelope.code }),
    status: answer.status,
    content: envelope.content,
    headers: answer.headers,
  });
}
