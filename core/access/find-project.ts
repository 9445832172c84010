import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Project, type ProjectDoc } from './model.ts';

/**
 * The project that a request means: the named one, or the workspace's default.
 *
 * @param only the one project that the caller may see (`caller.project_id`); null or absent: all of the workspace
 * @throws Failure `not_found`, also for a project of another workspace or one that the caller may not see
 */
export async function findProject(
  workspace_id: string,
  project_id?: string | null,
  only?: string | null,
): Promise<ProjectDoc> {
  const wanted = project_id ?? only;
  const project =
    only && wanted !== only
      ? null
      : await Project.findOne(wanted ? { _id: wanted, workspace_id } : { workspace_id, is_default: true }).lean();
  if (project) return project;
  throw new Failure('not_found', {
    message: wanted
      ? `There is no project ${quote(wanted)} in this workspace.`
      : 'This workspace has no default project.',
  });
}
