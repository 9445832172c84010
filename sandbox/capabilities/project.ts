import type { Grant } from '../types.ts';

/** The project as a plugin may see it: as it is with `project:read`, its id alone without. */
export function visibleProject<Project extends { id: string }>(
  grants: readonly Grant[],
  project: Project | null,
): Project | { id: string } | null {
  if (project === null || grants.some((grant) => grant.name === 'project:read')) return project;
  return { id: project.id };
}
