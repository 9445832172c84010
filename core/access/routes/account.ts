import { Failure } from '../../../sdk/contract/failure.ts';
import { trusted } from '../../database/mongoose.ts';
import { type Route, route } from '../../http/route.ts';
import { done, id } from '../../http/schemas.ts';
import { originOf, workspacesOf } from '../answer-sign-in.ts';
import { sessionOf } from '../authenticate.ts';
import { changePassword } from '../change-password.ts';
import { Session, User, type UserDoc } from '../model.ts';
import { presentSession, presentUser } from '../present.ts';
import { givenPassword, ownWorkspaceSchema, password, sessionSchema, totpOrRecovery, userSchema } from '../schemas.ts';
import { endSessions } from '../sessions.ts';
import { beginTotp, confirmTotp, endTotp } from '../set-totp.ts';

/** @throws Failure `not_found` */
async function ownUser(user_id: string): Promise<UserDoc> {
  const user = await User.findById(user_id).lean();
  if (!user) throw new Failure('not_found', { message: 'This account is gone.' });
  return user;
}

export const accountRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/auth/me',
    summary: 'Who am I',
    who: 'self',
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['user', 'workspace_id', 'role', 'workspaces'],
      properties: {
        user: userSchema,
        workspace_id: {
          type: ['string', 'null'],
          description:
            'the workspace that requests mean, unless X-Workspace-Id, or in a browser the cookie pb_workspace, says another',
        },
        role: { type: ['string', 'null'], description: 'your role there' },
        workspaces: { type: 'array', items: ownWorkspaceSchema },
      },
    },
    handle: async ({ caller }) => ({
      user: presentUser(await ownUser(caller.id)),
      workspace_id: caller.workspace_id || null,
      role: caller.workspace_id ? caller.role : null,
      workspaces: await workspacesOf(caller.id),
    }),
  }),
  route({
    method: 'PUT',
    path: '/auth/password',
    summary: 'Change the password',
    description: 'Every other session of the account ends.',
    who: 'self',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['current_password', 'password'],
      properties: { current_password: givenPassword, password },
    },
    answer: done,
    handle: async (request) => {
      const session_id = await sessionOf(request.headers);
      await changePassword(await ownUser(request.caller.id), request.body, session_id, originOf(request));
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/auth/totp',
    summary: 'Protect the account with an authenticator app',
    description:
      'Without `code`: a secret for the app. With the first code that the app shows: from now on it is asked for, and ten recovery codes come, once.',
    who: 'self',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { code: { type: 'string', pattern: '^[0-9]{6}$' } },
    },
    body_optional: true,
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['is_active'],
      properties: {
        is_active: { type: 'boolean' },
        secret: { type: 'string', description: 'base32, to type into the app' },
        otpauth_url: { type: 'string', description: 'the same for a QR code' },
        recovery_codes: { type: 'array', items: { type: 'string' } },
      },
    },
    handle: async (request) => {
      const user = await ownUser(request.caller.id);
      const { code } = request.body;
      if (code === undefined) return { is_active: false, ...(await beginTotp(user)) };
      return { is_active: true, recovery_codes: await confirmTotp(user, code, originOf(request)) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/auth/totp',
    summary: 'Do without the authenticator app',
    who: 'self',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['password', 'code'],
      properties: { password: givenPassword, code: totpOrRecovery },
    },
    answer: done,
    handle: async (request) => {
      await endTotp(await ownUser(request.caller.id), request.body, originOf(request));
      return {};
    },
  }),
  route({
    method: 'GET',
    path: '/auth/sessions',
    summary: 'Where this account is signed in',
    who: 'self',
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['sessions'],
      properties: { sessions: { type: 'array', items: sessionSchema } },
    },
    handle: async ({ caller, headers }) => {
      const current = await sessionOf(headers);
      const sessions = await Session.find({
        user_id: caller.id,
        revoked_at: null,
        expires_at: trusted({ $gt: new Date() }),
      })
        .sort({ last_used_at: -1 })
        .limit(100)
        .lean();
      return { sessions: sessions.map((session) => presentSession(session, current)) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/auth/sessions',
    summary: 'Sign out elsewhere',
    description: 'One session by `id`; without it, all but this one.',
    who: 'self',
    query: { id },
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['ended'],
      properties: { ended: { type: 'integer' } },
    },
    handle: async ({ caller, headers, query }) => {
      const ended = await endSessions(
        query.id === undefined
          ? { user_id: caller.id, except: await sessionOf(headers) }
          : { _id: query.id, user_id: caller.id },
        'logout',
      );
      if (query.id !== undefined && ended === 0)
        throw new Failure('not_found', { message: 'You have no such session.' });
      return { ended };
    },
  }),
];
