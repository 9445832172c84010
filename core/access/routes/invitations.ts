import { Failure } from '../../../sdk/contract/failure.ts';
import { audit } from '../../audit/audit.ts';
import { config } from '../../config.ts';
import { randomBase62 } from '../../database/id.ts';
import { trusted } from '../../database/mongoose.ts';
import { transaction } from '../../database/transaction.ts';
import type { Caller, Role } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { done } from '../../http/schemas.ts';
import { answerSignIn, originOf } from '../answer-sign-in.ts';
import { acceptInvitation, invite } from '../invitations.ts';
import { Invitation, Membership, membershipId, User } from '../model.ts';
import { presentInvitation } from '../present.ts';
import { isAtLeast } from '../rights.ts';
import {
  byCookie,
  email,
  givenPassword,
  invitationSchema,
  personName,
  role,
  signedInSchema,
  totpOrRecovery,
} from '../schemas.ts';
import { hashToken } from '../session-cookie.ts';

/** Invites an address into the caller's workspace. @throws Failure `forbidden` for a higher role than the caller's, `conflict` */
export async function inviteByCaller(caller: Caller, wanted: { email: string; role: Role }, address: string) {
  if (!isAtLeast(caller.role, wanted.role))
    throw new Failure('forbidden', { message: `Your role ${caller.role} cannot give the role ${wanted.role}.` });
  const token = randomBase62(43);
  const known = await User.findOne({ email: wanted.email.toLowerCase() }).lean();
  if (known && (await Membership.findById(membershipId(caller.workspace_id, known._id)).lean()))
    throw new Failure('conflict', { message: 'This person is a member already: change the role instead.' });
  const invitation = await transaction(async () => {
    const made = await invite(
      {
        workspace_id: caller.workspace_id,
        email: wanted.email.toLowerCase(),
        role: wanted.role,
        site_roles: [],
        invited_by: caller.id,
      },
      hashToken(token),
    );
    await audit({
      workspace_id: caller.workspace_id,
      caller,
      action: 'member.invited',
      target: { kind: 'invitation', id: made._id, name: made.email },
      after: { email: made.email, role: made.role },
      address,
    });
    return made;
  });
  return presentInvitation(invitation, { token, url: `${config().url}/invitation#token=${token}` });
}

export const invitationRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/invitations',
    summary: 'Open invitations',
    who: 'members:write',
    query: pageFields,
    answer: listOf('invitations', invitationSchema),
    handle: async ({ caller, query }) => {
      const open = {
        workspace_id: caller.workspace_id,
        accepted_at: null,
        expires_at: trusted({ $gt: new Date() }),
        site_roles: [],
      };
      const { skip, limit } = pageWindow(query);
      const [invitations, total] = await Promise.all([
        Invitation.find(open).sort({ created_at: -1 }).skip(skip).limit(limit).lean(),
        Invitation.countDocuments(open),
      ]);
      return {
        invitations: invitations.map((one) => presentInvitation(one)),
        total,
        page: query.page,
        size: query.size,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/invitations',
    summary: 'Invite somebody',
    description: 'The host sends no mail: pass the `url` on. It is good for seven days, once, for this address.',
    who: 'members:write',
    body: { type: 'object', additionalProperties: false, required: ['email', 'role'], properties: { email, role } },
    answer: invitationSchema,
    status: 201,
    handle: ({ caller, body, address }) => inviteByCaller(caller, body, address),
  }),
  route({
    method: 'DELETE',
    path: '/invitations/{id}',
    summary: 'Take an invitation back',
    who: 'members:write',
    answer: done,
    handle: async ({ caller, params, address }) => {
      await transaction(async () => {
        const ended = await Invitation.findOneAndDelete({
          _id: params.id,
          workspace_id: caller.workspace_id,
          accepted_at: null,
          site_roles: [],
        }).lean();
        if (!ended) throw new Failure('not_found', { message: 'There is no such open invitation.' });
        await audit({
          workspace_id: caller.workspace_id,
          caller,
          action: 'member.invitation_revoked',
          target: { kind: 'invitation', id: ended._id, name: ended.email },
          before: { email: ended.email, role: ended.role },
          address,
        });
      });
      return {};
    },
  }),
  route({
    method: 'POST',
    path: '/invitations/{token}/accept',
    summary: 'Take an invitation: signed in, with the password of an account, or with a new account',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { email, password: givenPassword, name: personName, totp: totpOrRecovery, session: byCookie },
    },
    body_optional: true,
    answer: signedInSchema,
    status: 201,
    handle: async (request) => {
      const { body, params, caller } = request;
      if (caller?.kind === 'key')
        throw new Failure('forbidden', { message: 'Only a person can take an invitation, not an API key.' });
      const origin = originOf(request);
      const { user, invitation } = await acceptInvitation({ ...body, token: params.token, caller }, origin);
      return answerSignIn(user, origin, body.session ?? false, { workspace_id: invitation.workspace_id });
    },
  }),
];
