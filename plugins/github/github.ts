import { type Answer, type Ctx, Gone, type Handlers, VendorError } from '@patchbay/sdk';
import type { manifest } from './manifest.ts';

export type GitHubCtx = Ctx<typeof manifest>;
export type GitHub = Handlers<typeof manifest>;

interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  query?: Record<string, string | number | undefined>;
  body?: object;
}

/**
 * Asks GitHub's REST API.
 * @param path below the API address, or a whole address that GitHub gave in a `Link` header
 * @throws Gone for what is not there, VendorError for every other refusal, with GitHub's own words
 */
export async function ask<T>(ctx: GitHubCtx, path: string, request: Request = {}): Promise<{ body: T; next?: string }> {
  const { body: sent, ...rest } = request;
  const answer = await ctx.fetch(path, {
    ...rest,
    headers: {
      Accept: 'application/vnd.github+json',
      'X-GitHub-Api-Version': '2022-11-28',
      ...(sent && { 'Content-Type': 'application/json' }),
    },
    ...(sent && { body: JSON.stringify(sent) }),
  });
  if (!answer.ok) throw await refusal(answer);
  const next = nextPage(answer.headers.get('link'));
  const body = answer.status === 204 ? (undefined as T) : await answer.json<T>({ big: 'string' });
  return next === undefined ? { body } : { body, next };
}

/** A repository's path, its parts escaped. */
export function repositoryPath(full_name: string): string {
  const [owner = '', name = ''] = full_name.split('/');
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** The `rel="next"` of a Link header (RFC 8288). */
export function nextPage(link: string | null): string | undefined {
  for (const part of link?.split(',') ?? []) {
    const [address = '', ...parameters] = part.split(';').map((text) => text.trim());
    if (parameters.includes('rel="next"')) return address.slice(1, -1);
  }
  return undefined;
}

async function refusal(answer: Answer): Promise<Error> {
  const body: { message?: string; errors?: { field?: string; code?: string; message?: string }[] } = await answer
    .json<object>()
    .catch(() => ({}));
  const details = body.errors?.map((one) => one.message ?? `${one.field}: ${one.code}`).join(', ');
  const said = [body.message ?? 'nothing more', details].filter(Boolean).join(': ');
  const message = `GitHub answered ${answer.status}: ${said}`.slice(0, 500);
  if (answer.status === 404 || answer.status === 410) return new Gone(message);
  return new VendorError(message, { status: answer.status });
}
