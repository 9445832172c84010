import { trusted } from '../database/mongoose.ts';
import { Reply } from '../http/route.ts';
import type { Shape } from '../http/shape.ts';
import { Membership, type UserDoc, Workspace } from './model.ts';
import { presentUser } from './present.ts';
import type { ownWorkspaceSchema, signedInSchema } from './schemas.ts';
import { sessionCookies } from './session-cookie.ts';
import { beginBrowserSession, beginTokens, type Origin, sessionLife, type TokenPair } from './sessions.ts';

export type SignedIn = Shape<typeof signedInSchema>;

/**
 * Begins a session for a person who proved to be one, and answers with its cookie or its tokens.
 *
 * @param more what else the answer says
 */
export async function answerSignIn(
  user: UserDoc,
  origin: Origin,
  byCookie: boolean,
  more: Pick<SignedIn, 'workspace_id'> = {},
): Promise<Reply<SignedIn>> {
  if (!byCookie)
    return new Reply({ ...(await signedIn(user, await beginTokens(user._id, 'tokens', origin))), ...more });
  const cookie = await beginBrowserSession(user._id, origin);
  return new Reply(
    { ...(await signedIn(user, null)), ...more },
    {
      headers: { 'set-cookie': sessionCookies(cookie, sessionLife.browser) },
    },
  );
}

/** Who is signed in, where a member, and the tokens if there are any. */
export async function signedIn(user: UserDoc, tokens: TokenPair | null): Promise<SignedIn> {
  return { ...(tokens ?? {}), user: presentUser(user), workspaces: await workspacesOf(user._id) };
}

/** The workspaces of a person, the one that is meant by default first. */
export async function workspacesOf(user_id: string): Promise<Shape<typeof ownWorkspaceSchema>[]> {
  const memberships = await Membership.find({ user_id }).sort({ created_at: 1, _id: 1 }).lean();
  const workspaces = await Workspace.find({ _id: trusted({ $in: memberships.map((one) => one.workspace_id) }) }).lean();
  const names = new Map(workspaces.map((one) => [one._id, one.name]));
  return memberships.map(({ workspace_id, role }) => ({ id: workspace_id, name: names.get(workspace_id) ?? '', role }));
}

/** Where a request comes from, as sessions and audit entries note it. */
export function originOf(request: { address: string; headers: Record<string, string | undefined> }): Origin {
  return { address: request.address, user_agent: request.headers['user-agent'] ?? '' };
}
