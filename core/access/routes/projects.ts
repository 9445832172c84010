import { listOf, pageFields, pageWindow } from '../../http/paging.ts';
import { type Route, route } from '../../http/route.ts';
import { done, text } from '../../http/schemas.ts';
import { findProject } from '../find-project.ts';
import { Project } from '../model.ts';
import { presentProject } from '../present.ts';
import { changeProject, deleteProject, makeProject } from '../projects.ts';
import { projectSchema } from '../schemas.ts';

const fields = {
  name: text,
  description: { type: 'string', maxLength: 2000 },
  time_zone: { type: 'string', minLength: 1, maxLength: 60, description: 'IANA name, such as Europe/Berlin' },
} as const;

export const projectRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/projects',
    summary: 'The projects of the workspace, by name',
    who: 'projects:read',
    query: pageFields,
    answer: listOf('projects', projectSchema),
    handle: async ({ caller, query }) => {
      const filter = { workspace_id: caller.workspace_id, ...(caller.project_id ? { _id: caller.project_id } : {}) };
      const { skip, limit } = pageWindow(query);
      const [projects, total] = await Promise.all([
        Project.find(filter).sort({ name: 1, _id: 1 }).skip(skip).limit(limit).lean(),
        Project.countDocuments(filter),
      ]);
      return { projects: projects.map(presentProject), total, page: query.page, size: query.size };
    },
  }),
  route({
    method: 'POST',
    path: '/projects',
    summary: 'Make a project',
    who: 'projects:write',
    body: { type: 'object', additionalProperties: false, required: ['name'], properties: fields },
    answer: projectSchema,
    status: 201,
    handle: async ({ caller, body, address }) => presentProject(await makeProject(caller, body, address)),
  }),
  route({
    method: 'GET',
    path: '/projects/{id}',
    summary: 'One project',
    who: 'projects:read',
    answer: projectSchema,
    handle: async ({ caller, params }) =>
      presentProject(await findProject(caller.workspace_id, params.id, caller.project_id)),
  }),
  route({
    method: 'PATCH',
    path: '/projects/{id}',
    summary: 'Change a project',
    who: 'projects:write',
    body: { type: 'object', additionalProperties: false, properties: fields },
    answer: projectSchema,
    handle: async ({ caller, params, body, address }) =>
      presentProject(await changeProject(caller, params.id, body, address)),
  }),
  route({
    method: 'DELETE',
    path: '/projects/{id}',
    summary: 'Delete a project that nothing uses any more',
    who: 'projects:write',
    answer: done,
    handle: async ({ caller, params, address }) => {
      await deleteProject(caller, params.id, address);
      return {};
    },
  }),
];
