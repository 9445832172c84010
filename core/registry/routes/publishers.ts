import { findPublisher, listPublishers, publisherPattern } from '../../../marketplace/index.ts';
import type { Publisher } from '../../../marketplace/models/publisher.ts';
import { mustBelong } from '../../../marketplace/publishers/find-publisher.ts';
import { Failure } from '../../../sdk/contract/failure.ts';
import { quote } from '../../../sdk/contract/quote.ts';
import { User } from '../../access/model.ts';
import { audit } from '../../audit/audit.ts';
import { trusted } from '../../database/mongoose.ts';
import { transaction } from '../../database/transaction.ts';
import type { Caller } from '../../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { route } from '../../http/route.ts';
import { done, text } from '../../http/schemas.ts';
import { actorOf } from '../actor.ts';
import { marketplace, siteWorkspace } from '../marketplace.ts';
import { presentPublisher } from '../present.ts';
import { memberSchema, publisherSchema } from '../publisher-schemas.ts';

const reason = { type: 'string', pattern: '\\S', maxLength: 500 } as const;

const list = route({
  method: 'GET',
  path: '/registry/publishers',
  summary: 'Namespaces of the registry',
  who: 'plugins:read',
  query: { mine: { type: 'boolean', default: false, description: 'only those that you belong to' }, ...pageFields },
  answer: listOf('publishers', publisherSchema),
  handle: async ({ caller, query }) => {
    const { publishers, total } = await listPublishers(query.mine ? { member: caller.user_id } : {}, pageWindow(query));
    return { publishers: publishers.map(presentPublisher), total, page: query.page, size: query.size };
  },
});

const create = route({
  method: 'POST',
  path: '/registry/publishers',
  summary: 'Make a namespace; you own it',
  who: 'registry:publish',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', pattern: publisherPattern, description: '`@acme`' },
      display_name: text,
      public_key: { type: 'string', maxLength: 500, description: 'its first signing key: raw Ed25519, base64' },
    },
  },
  answer: publisherSchema,
  status: 201,
  handle: async ({ caller, body }) => {
    const { public_key, ...wanted } = body;
    await marketplace().createPublisher(actorOf(caller), wanted);
    if (public_key !== undefined) await marketplace().addKey(actorOf(caller), body.name, public_key);
    return presentPublisher(await findPublisher(body.name));
  },
});

const detail = route({
  method: 'GET',
  path: '/registry/publishers/{name}',
  summary: 'A namespace with its keys',
  who: 'public',
  answer: publisherSchema,
  handle: async ({ params }) => presentPublisher(await findPublisher(params.name)),
});

const members = route({
  method: 'GET',
  path: '/registry/publishers/{name}/members',
  summary: 'Who may publish there; for its members',
  who: 'registry:publish',
  answer: listOf('members', memberSchema),
  handle: async ({ caller, params }) => {
    const publisher = await findPublisher(params.name);
    mustBelong(publisher, actorOf(caller));
    return presentMembers(publisher.members);
  },
});

const addMember = route({
  method: 'POST',
  path: '/registry/publishers/{name}/members',
  summary: 'Add a member, or change the role of one',
  who: 'registry:publish',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['email'],
    properties: {
      email: { type: 'string', format: 'email', maxLength: 320 },
      role: { enum: ['owner', 'member'], default: 'member' },
    },
  },
  answer: listOf('members', memberSchema),
  handle: async ({ caller, params, body }) => {
    const user = await User.findOne({ email: body.email.toLowerCase() }).lean();
    if (!user) {
      throw new Failure('not_found', {
        message: `Nobody here has the address ${quote(body.email)}; invite them first`,
      });
    }
    const member = { user_id: user._id, role: body.role ?? ('member' as const) };
    return changed(caller, params.name, () => marketplace().setMember(actorOf(caller), params.name, member));
  },
});

const removeMember = route({
  method: 'DELETE',
  path: '/registry/publishers/{name}/members/{user_id}',
  summary: 'Take a member out',
  who: 'registry:publish',
  answer: listOf('members', memberSchema),
  handle: async ({ caller, params }) => {
    return changed(caller, params.name, () => marketplace().removeMember(actorOf(caller), params.name, params.user_id));
  },
});

const keys = route({
  method: 'GET',
  path: '/registry/publishers/{name}/keys',
  summary: 'The signing keys of a namespace, revoked ones too',
  who: 'public',
  answer: {
    type: 'object',
    additionalProperties: false,
    required: ['keys'],
    properties: { keys: publisherSchema.properties.keys },
  },
  handle: async ({ params }) => ({ keys: presentPublisher(await findPublisher(params.name)).keys }),
});

const addKey = route({
  method: 'POST',
  path: '/registry/publishers/{name}/keys',
  summary: 'Add a signing key',
  who: 'registry:publish',
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['public_key'],
    properties: {
      public_key: { type: 'string', maxLength: 500, description: 'raw Ed25519 key, base64, or its PEM' },
    },
  },
  answer: publisherSchema.properties.keys.items,
  status: 201,
  handle: async ({ caller, params, body }) => {
    const added = await marketplace().addKey(actorOf(caller), params.name, body.public_key);
    const { key_id, public_key, added_at } = added;
    return { key_id, public_key, added_at: added_at.toISOString(), revoked_at: null, revoked_reason: null };
  },
});

const revokeKey = route({
  method: 'DELETE',
  path: '/registry/publishers/{name}/keys/{key_id}',
  summary: 'Revoke a signing key: nothing signed with it alone is published or installed any more',
  who: 'registry:publish',
  query: { reason: { ...reason, default: 'revoked by its owner' } },
  answer: done,
  handle: async ({ caller, params, query }) => {
    await marketplace().revokeKey(actorOf(caller), params.name, { key_id: params.key_id, reason: query.reason });
    return {};
  },
});

/** Changes members and writes it down for the site's audit, in one transaction. */
async function changed(caller: Caller, name: string, change: () => Promise<Publisher>) {
  const members = await transaction(async () => {
    const before = await findPublisher(name);
    const after = await change();
    await audit({
      workspace_id: siteWorkspace,
      caller,
      action: 'publisher.members_changed',
      target: { kind: 'publisher', id: name },
      before: { members: before.members },
      after: { members: after.members },
    });
    return after.members;
  });
  return presentMembers(members);
}

async function presentMembers(all: { user_id: string; role: 'owner' | 'member' }[]) {
  const users = await User.find({ _id: trusted({ $in: all.map(({ user_id }) => user_id) }) }, { email: 1 }).lean();
  const emails = new Map(users.map((user) => [user._id, user.email]));
  const members = all.map(({ user_id, role }) => ({ user_id, role, email: emails.get(user_id) ?? null }));
  return { members, total: members.length, page: 1, size: members.length };
}

export const publisherRoutes = [list, create, detail, members, addMember, removeMember, keys, addKey, revokeKey];
