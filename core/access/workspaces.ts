import { audit } from '../audit/audit.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import type { Role } from '../http/caller.ts';
import { Membership, membershipId, Project, type ProjectDoc, Workspace, type WorkspaceDoc } from './model.ts';

/** Makes a workspace with its default project; inside a transaction. */
export async function makeWorkspace(
  name: string,
  owner: { id: string; email: string } | null,
  _id: string = newId('wsp'),
): Promise<{ workspace: WorkspaceDoc; project: ProjectDoc }> {
  const created_by = owner?.id ?? null;
  const workspace = await Workspace.create({ _id, name, created_by });
  const project = await Project.create({
    _id: newId('prj'),
    workspace_id: workspace._id,
    name: 'Default',
    is_default: true,
    created_by,
  });
  if (owner) await makeMember(workspace._id, owner.id, 'owner');
  await audit({
    workspace_id: workspace._id,
    ...(owner ? { caller: { kind: 'user' as const, id: owner.id, label: owner.email } } : {}),
    action: 'workspace.created',
    target: { kind: 'workspace', id: workspace._id, name },
    after: { name },
  });
  return { workspace: workspace.toObject(), project: project.toObject() };
}

/** Makes a person a member; inside a transaction. Who is one already keeps the role. Returns whether it was new. */
export async function makeMember(workspace_id: string, user_id: string, role: Role): Promise<boolean> {
  const _id = membershipId(workspace_id, user_id);
  if (await Membership.findById(_id).lean()) return false;
  await Membership.create({ _id, workspace_id, user_id, role });
  await announce('site');
  await announce(workspace_id);
  return true;
}
