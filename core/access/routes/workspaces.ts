import { Failure } from '../../../sdk/contract/failure.ts';
import { trusted } from '../../database/mongoose.ts';
import { transaction } from '../../database/transaction.ts';
import type { Caller } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { done, text } from '../../http/schemas.ts';
import { authorise } from '../authorise.ts';
import { callerIn } from '../caller-in.ts';
import { changeWorkspace } from '../change-workspace.ts';
import { setMember } from '../members.ts';
import { Membership, User, Workspace, type WorkspaceDoc } from '../model.ts';
import { presentMember, presentWorkspace } from '../present.ts';
import {
  addresses,
  email,
  invitationSchema,
  memberSchema,
  pluginLimitsSchema,
  quota,
  role,
  workspaceSchema,
} from '../schemas.ts';
import { makeWorkspace } from '../workspaces.ts';
import { inviteByCaller } from './invitations.ts';

/** The caller in the workspace of the path, with the right that the route needs there. */
async function inPath(
  request: { caller: Caller; params: { id: string }; address: string },
  right: string,
): Promise<Caller> {
  const caller = await callerIn(request.caller, request.params.id, request.address);
  authorise(caller, right);
  return caller;
}

/** @throws Failure `not_found` */
async function findWorkspace(id: string): Promise<WorkspaceDoc> {
  const workspace = await Workspace.findById(id).lean();
  if (!workspace) throw new Failure('not_found', { message: 'There is no such workspace.' });
  return workspace;
}

const roleOf = (caller: Caller) => (caller.kind === 'user' ? caller.role : null);

export const workspaceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/workspaces',
    summary: 'The workspaces one is a member of',
    who: 'workspace:read',
    query: pageFields,
    answer: listOf('workspaces', workspaceSchema),
    handle: async ({ caller, query }) => {
      const { skip, limit } = pageWindow(query);
      if (caller.kind === 'key') {
        const own = query.page === 1 ? [presentWorkspace(await findWorkspace(caller.workspace_id), null)] : [];
        return { workspaces: own, total: 1, page: query.page, size: query.size };
      }
      const memberships = await Membership.find({ user_id: caller.id }).lean();
      const roles = new Map(memberships.map((one) => [one.workspace_id, one.role]));
      const found = await Workspace.find({ _id: trusted({ $in: [...roles.keys()] }) })
        .sort({ name: 1, _id: 1 })
        .skip(skip)
        .limit(limit)
        .lean();
      return {
        workspaces: found.map((one) => presentWorkspace(one, roles.get(one._id) ?? null)),
        total: roles.size,
        page: query.page,
        size: query.size,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/workspaces',
    summary: 'Make a workspace; whoever makes it owns it',
    who: 'self',
    body: { type: 'object', additionalProperties: false, required: ['name'], properties: { name: text } },
    answer: workspaceSchema,
    status: 201,
    handle: async ({ caller, body }) => {
      const { workspace } = await transaction(() => makeWorkspace(body.name, { id: caller.id, email: caller.label }));
      return presentWorkspace(workspace, 'owner');
    },
  }),
  route({
    method: 'GET',
    path: '/workspaces/{id}',
    summary: 'One workspace',
    who: 'workspace:read',
    answer: workspaceSchema,
    handle: async (request) => {
      const caller = await inPath(request, 'workspace:read');
      return presentWorkspace(await findWorkspace(caller.workspace_id), roleOf(caller));
    },
  }),
  route({
    method: 'PATCH',
    path: '/workspaces/{id}',
    summary: 'Change a workspace',
    description: 'An `ip_allowlist` that would shut out the address of this very request is refused.',
    who: 'workspace:write',
    body: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: text,
        ip_allowlist: addresses,
        redirect_uris: { type: 'array', maxItems: 50, items: { type: 'string', format: 'uri', maxLength: 500 } },
        limits: {
          type: 'object',
          additionalProperties: false,
          properties: { requests_per_hour: quota, requests_per_day: quota, plugins: pluginLimitsSchema },
        },
      },
    },
    answer: workspaceSchema,
    handle: async (request) => {
      const caller = await inPath(request, 'workspace:write');
      return presentWorkspace(await changeWorkspace(caller, request.body, request.address), roleOf(caller));
    },
  }),
  route({
    method: 'GET',
    path: '/workspaces/{id}/members',
    summary: 'The members of a workspace',
    who: 'workspace:read',
    query: pageFields,
    answer: listOf('members', memberSchema),
    handle: async (request) => {
      const { workspace_id } = await inPath(request, 'workspace:read');
      const { page, size } = request.query;
      const { skip, limit } = pageWindow(request.query);
      const [memberships, total] = await Promise.all([
        Membership.find({ workspace_id }).sort({ created_at: 1, _id: 1 }).skip(skip).limit(limit).lean(),
        Membership.countDocuments({ workspace_id }),
      ]);
      const users = await User.find({ _id: trusted({ $in: memberships.map((one) => one.user_id) }) }).lean();
      const byId = new Map(users.map((user) => [user._id, user]));
      return {
        members: memberships.map((one) => presentMember(one, byId.get(one.user_id) ?? null)),
        total,
        page,
        size,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/workspaces/{id}/members',
    summary: 'Invite a member: the same as POST /invitations, for the workspace of the path',
    who: 'members:write',
    body: { type: 'object', additionalProperties: false, required: ['email', 'role'], properties: { email, role } },
    answer: invitationSchema,
    status: 202,
    handle: async (request) => inviteByCaller(await inPath(request, 'members:write'), request.body, request.address),
  }),
  route({
    method: 'PATCH',
    path: '/workspaces/{id}/members/{user_id}',
    summary: 'Give a member another role',
    who: 'members:write',
    body: { type: 'object', additionalProperties: false, required: ['role'], properties: { role } },
    answer: memberSchema,
    handle: async (request) => {
      const caller = await inPath(request, 'members:write');
      const { membership, user } = await setMember(caller, request.params.user_id, request.body.role, request.address);
      return presentMember(membership, user);
    },
  }),
  route({
    method: 'DELETE',
    path: '/workspaces/{id}/members/{user_id}',
    summary: 'Take a member out, or leave oneself',
    description: 'The last owner cannot leave.',
    who: 'workspace:read',
    answer: done,
    handle: async (request) => {
      const { user_id } = request.params;
      const leaving = request.caller.kind === 'user' && user_id === request.caller.id;
      const caller = await inPath(request, leaving ? 'workspace:read' : 'members:write');
      await setMember(caller, user_id, null, request.address);
      return {};
    },
  }),
];
