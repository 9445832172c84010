import { Failure } from '../../../sdk/contract/failure.ts';
import { config } from '../../config.ts';
import { transaction } from '../../database/transaction.ts';
import { Reply, type Route, route } from '../../http/route.ts';
import { done } from '../../http/schemas.ts';
import { publicKeys } from '../access-token.ts';
import { answerSignIn, originOf, signedIn } from '../answer-sign-in.ts';
import { sessionOf } from '../authenticate.ts';
import { findSession } from '../find-person.ts';
import { acceptInvitation } from '../invitations.ts';
import { User } from '../model.ts';
import { readRefreshToken } from '../refresh-token.ts';
import { makeUser, newPasswordHash } from '../register.ts';
import { byCookie, email, givenPassword, password, personName, signedInSchema, totpOrRecovery } from '../schemas.ts';
import { endedCookies } from '../session-cookie.ts';
import { endSessions, refreshTokens } from '../sessions.ts';
import { signIn } from '../sign-in.ts';
import { makeWorkspace } from '../workspaces.ts';

const invitationToken = { type: 'string', pattern: '^[A-Za-z0-9]{43}$' } as const;
const refreshToken = { type: 'string', minLength: 1, maxLength: 300 } as const;

export const signInRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/auth/login',
    summary: 'Sign in',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['email', 'password'],
      properties: { email, password: givenPassword, totp: totpOrRecovery, session: byCookie },
    },
    answer: signedInSchema,
    handle: async (request) => {
      const origin = originOf(request);
      return answerSignIn(await signIn(request.body, origin), origin, request.body.session ?? false);
    },
  }),
  route({
    method: 'POST',
    path: '/auth/refresh',
    summary: 'New tokens for a refresh token',
    description: 'A refresh token is good once. When one comes a second time, its session ends.',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['refresh_token'],
      properties: { refresh_token: refreshToken },
    },
    answer: signedInSchema,
    handle: async ({ body }) => {
      const tokens = await refreshTokens(body.refresh_token);
      const claims = await readRefreshToken(tokens.refresh_token);
      const session = claims && (await findSession(claims.session_id));
      const user = session && (await User.findOne({ _id: session.user_id, is_active: true }).lean());
      if (!user) throw new Failure('unauthenticated', { message: 'This account is not active any more.' });
      return signedIn(user, tokens);
    },
  }),
  route({
    method: 'POST',
    path: '/auth/logout',
    summary: 'End this session',
    description: 'The one of the cookie, of the access token, or of the refresh token in the body.',
    who: 'public',
    kind: 'auth',
    body: { type: 'object', additionalProperties: false, properties: { refresh_token: refreshToken } },
    body_optional: true,
    answer: done,
    handle: async ({ body, caller, headers }) => {
      const claims = body.refresh_token === undefined ? null : await readRefreshToken(body.refresh_token);
      if (claims) await endSessions({ _id: claims.session_id }, 'logout');
      const session_id = caller?.kind === 'user' ? await sessionOf(headers) : null;
      if (session_id) await endSessions({ _id: session_id }, 'logout');
      return new Reply({}, { headers: { 'set-cookie': endedCookies() } });
    },
  }),
  route({
    method: 'POST',
    path: '/auth/setup',
    summary: 'Become the first admin, with the link that the host printed at its first start',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['token', 'email', 'password'],
      properties: { token: invitationToken, email, password, name: personName, session: byCookie },
    },
    answer: signedInSchema,
    status: 201,
    handle: async (request) => {
      const origin = originOf(request);
      const { user } = await acceptInvitation({ ...request.body, caller: null }, origin, true);
      return answerSignIn(user, origin, request.body.session ?? false);
    },
  }),
  route({
    method: 'POST',
    path: '/auth/register',
    summary: 'Make an account, with a workspace of its own',
    description:
      'As `PATCHBAY_SIGNUP` says: `open` for everybody, `invite` with an invitation (whose workspace one joins), `closed` for nobody.',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['email', 'password'],
      properties: { email, password, name: personName, invitation: invitationToken, session: byCookie },
    },
    answer: signedInSchema,
    status: 201,
    handle: async (request) => {
      const { body } = request;
      const origin = originOf(request);
      const { signup } = config();
      if (signup === 'closed')
        throw new Failure('forbidden', { message: 'Nobody can sign up here (PATCHBAY_SIGNUP=closed).' });
      if (body.invitation !== undefined) {
        const { user, invitation } = await acceptInvitation({ ...body, token: body.invitation, caller: null }, origin);
        return answerSignIn(user, origin, body.session ?? false, { workspace_id: invitation.workspace_id });
      }
      if (signup !== 'open')
        throw new Failure('forbidden', { message: 'Signing up takes an invitation here (PATCHBAY_SIGNUP=invite).' });
      const hash = await newPasswordHash(body.password, body.email);
      const user = await transaction(async () => {
        const made = await makeUser(body, hash);
        await makeWorkspace(made.name, { id: made._id, email: made.email });
        return made;
      });
      return answerSignIn(user, origin, body.session ?? false);
    },
  }),
  route({
    method: 'GET',
    path: '/auth/jwks',
    summary: 'The public keys of our access tokens',
    who: 'public',
    kind: 'service',
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['keys'],
      properties: {
        keys: {
          type: 'array',
          items: {
            title: 'PublicKey',
            type: 'object',
            additionalProperties: false,
            required: ['kty', 'crv', 'x', 'kid', 'alg', 'use'],
            properties: {
              kty: { type: 'string' },
              crv: { type: 'string' },
              x: { type: 'string' },
              kid: { type: 'string' },
              alg: { type: 'string' },
              use: { type: 'string' },
            },
          },
        },
      },
    },
    handle: async () => {
      const { keys } = await publicKeys();
      return {
        keys: keys.map(({ kty = '', crv = '', x = '', kid = '', alg = '', use = '' }) => ({
          kty,
          crv,
          x,
          kid,
          alg,
          use,
        })),
      };
    },
  }),
];
