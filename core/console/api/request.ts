import { currentLanguage } from '../language/current-language.ts';
import { ApiError } from './api-error.ts';
import { shownWorkspace } from './chosen-workspace.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined | null>;
  signal?: AbortSignal;
  /** another request with the same key does nothing twice */
  idempotency_key?: string;
  /** which workspace it is about, if not the one that the window shows */
  workspace_id?: string;
}

const base = '/api/v1';

/**
 * Asks the host and answers the envelope's content. The session is an HttpOnly cookie that no script can read.
 * Whatever changes something carries the CSRF token of the cookie beside it.
 *
 * @param path below `/api/v1`
 * @throws ApiError for every answer that is not a success, and when none came
 */
export async function request<Content>(method: Method, path: string, options: RequestOptions = {}): Promise<Content> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': currentLanguage() };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.idempotency_key) headers['idempotency-key'] = options.idempotency_key;
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken();
  const workspace_id = options.workspace_id ?? shownWorkspace();
  if (workspace_id !== null) headers['x-workspace-id'] = workspace_id;
  let response: Response;
  try {
    response = await fetch(`${base}${path}${query.size > 0 ? `?${query}` : ''}`, {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ code: 'offline', status: 0, msg: '' });
  }
  const request_id = response.headers.get('x-request-id');
  const envelope = (await response.json().catch(() => null)) as {
    code: string;
    msg: string;
    content: Record<string, unknown>;
  } | null;
  if (!envelope) throw new ApiError({ code: 'offline', status: response.status, msg: '', request_id });
  if (!response.ok) throw new ApiError({ ...envelope, status: response.status, request_id });
  return envelope.content as Content;
}

/** What a changing request carries beside the session cookie, to show that it comes from a page of this host. */
export function csrfToken(): string {
  const name = 'pb_csrf=';
  const found = document.cookie.split('; ').find((part) => part.startsWith(name));
  return found ? decodeURIComponent(found.slice(name.length)) : '';
}
