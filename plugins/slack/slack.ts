import { type Ctx, type Handlers, VendorError } from '@patchbay/sdk';
import type { manifest } from './manifest.ts';

export type SlackCtx = Ctx<typeof manifest>;
export type Slack = Handlers<typeof manifest>;

interface Request {
  method?: 'GET' | 'POST';
  query?: Record<string, string | number | boolean | undefined>;
  body?: object;
}

/**
 * Calls a method of Slack's Web API.
 * @throws VendorError when Slack says `ok: false`, with Slack's own word as `code`
 */
export async function call<T>(ctx: SlackCtx, method: string, request: Request = {}): Promise<T> {
  const { body: sent, ...rest } = request;
  const answer = await ctx.fetch(`/${method}`, {
    ...rest,
    ...(sent && { headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(sent) }),
  });
  const body = await answer.json<{ ok?: boolean; error?: string } & T>();
  if (answer.ok && body.ok) return body;
  const code = body.error ?? `http_${answer.status}`;
  throw new VendorError(`Slack refused ${method}: ${code}`, { status: answer.status, code });
}
