import { Failure } from '../../sdk/contract/failure.ts';
import { audit, difference } from '../audit/audit.ts';
import { Configuration, ConfigurationRevision } from '../configurations/model.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import type { Caller } from '../http/caller.ts';
import { findProject } from './find-project.ts';
import { ApiKey, Project, type ProjectDoc } from './model.ts';
import { projectUses } from './project-uses.ts';

export interface ProjectWishes {
  name?: string | undefined;
  description?: string | undefined;
  time_zone?: string | undefined;
}

/** Makes a project. @throws Failure `conflict` (name), `validation_failed` (time zone), `forbidden` */
export async function makeProject(
  caller: Caller,
  wishes: ProjectWishes & { name: string },
  address: string,
): Promise<ProjectDoc> {
  if (caller.project_id)
    throw new Failure('forbidden', { message: 'This API key belongs to one project and cannot make others.' });
  checkTimeZone(wishes.time_zone);
  return transaction(async () => {
    await checkName(caller.workspace_id, wishes.name);
    const made = await Project.create({
      _id: newId('prj'),
      workspace_id: caller.workspace_id,
      ...wishes,
      created_by: caller.user_id,
    });
    const project = made.toObject();
    await note(caller, project, 'created', null, { ...wishes }, address);
    return project;
  });
}

/** Changes a project. @throws Failure `not_found`, `conflict` (name), `validation_failed` (time zone) */
export async function changeProject(
  caller: Caller,
  id: string,
  wishes: ProjectWishes,
  address: string,
): Promise<ProjectDoc> {
  checkTimeZone(wishes.time_zone);
  return transaction(async () => {
    const project = await findProject(caller.workspace_id, id, caller.project_id);
    const { before, after } = difference<ProjectWishes>(
      { name: project.name, description: project.description, time_zone: project.time_zone },
      wishes,
    );
    const changed = Object.keys(after);
    if (changed.length === 0) return project;
    if (after.name !== undefined) await checkName(caller.workspace_id, after.name);
    const next = await Project.findOneAndUpdate(
      { _id: id, workspace_id: caller.workspace_id },
      { $set: after },
      { returnDocument: 'after' },
    )
      .lean()
      .orFail();
    await note(caller, next, 'updated', before, after, address, changed);
    return next;
  });
}

/**
 * Deletes a project that nothing uses any more; its API keys end with it.
 *
 * @throws Failure `not_found`, `conflict` (the default project, or integrations and webhooks are left)
 */
export async function deleteProject(caller: Caller, id: string, address: string): Promise<void> {
  await transaction(async () => {
    const project = await findProject(caller.workspace_id, id, caller.project_id);
    if (project.is_default)
      throw new Failure('conflict', { message: 'The default project stays: requests that name no project mean it.' });
    const uses = await projectUses(caller.workspace_id, id);
    if (uses.length > 0)
      throw new Failure('conflict', {
        message: `This project still has ${uses.join(' and ')}: delete or move them first.`,
      });
    await ApiKey.updateMany(
      { workspace_id: caller.workspace_id, project_id: id, revoked_at: null },
      { $set: { revoked_at: new Date() } },
    );
    // What the project told its plugins goes with it, sealed secrets and history included.
    await Configuration.deleteMany({ workspace_id: caller.workspace_id, project_id: id });
    await ConfigurationRevision.deleteMany({ workspace_id: caller.workspace_id, project_id: id });
    await Project.deleteOne({ _id: id, workspace_id: caller.workspace_id });
    await announce('site');
    await announce(caller.workspace_id);
    await note(caller, project, 'deleted', { name: project.name }, null, address);
  });
}

async function note(
  caller: Caller,
  project: ProjectDoc,
  what: 'created' | 'updated' | 'deleted',
  before: object | null,
  after: object | null,
  address: string,
  changed?: string[],
): Promise<void> {
  const { workspace_id } = caller;
  await announce(workspace_id);
  await audit({
    workspace_id,
    caller,
    action: `project.${what}`,
    target: { kind: 'project', id: project._id, name: project.name },
    before,
    after,
    address,
  });
  await emitEvent({
    workspace_id,
    project_id: what === 'deleted' ? null : project._id,
    type: `project.${what}`,
    data: { id: project._id, name: project.name, ...(changed ? { changed } : {}) },
    source: { kind: caller.kind, id: caller.id },
  });
}

async function checkName(workspace_id: string, name: string): Promise<void> {
  if (await Project.findOne({ workspace_id, name }).lean())
    throw new Failure('conflict', { message: 'This workspace has a project of this name.' });
}

/** @throws Failure `validation_failed` for what is no IANA time zone */
function checkTimeZone(time_zone: string | undefined): void {
  if (time_zone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: time_zone });
  } catch (cause) {
    throw new Failure('validation_failed', {
      content: {
        errors: [
          {
            pointer: '/time_zone',
            message: 'must be an IANA time zone such as Europe/Berlin',
            keyword: 'format',
            params: { format: 'time-zone' },
          },
        ],
      },
      cause,
    });
  }
}
