import { Failure } from '../../sdk/contract/failure.ts';
import { findProject } from '../access/find-project.ts';
import type { Caller } from '../http/caller.ts';
import { listOf, pageFields, pageWindow } from '../http/paging.ts';
import { Reply, type Route, route } from '../http/route.ts';
import { anyObject, anyValue, done, id, nullableId, nullableTime, time } from '../http/schemas.ts';
import type { Shape } from '../http/shape.ts';
import { findInstallation } from '../installations/find-installation.ts';
import type { Installation } from '../installations/model.ts';
import type { Author } from './draft.ts';
import { shownValues, valuesOf } from './level.ts';
import { Configuration, ConfigurationRevision } from './model.ts';
import { presentConfiguration } from './present.ts';
import { removeConfiguration } from './remove-configuration.ts';
import { restoreConfiguration } from './restore-configuration.ts';
import { settingsRoutes } from './settings-routes.ts';
import { writeConfiguration } from './write-configuration.ts';

const path = '/plugins/{id}/configuration' as const;
const origin = { enum: ['default', 'workspace', 'project'] } as const;

const configurationSchema = {
  title: 'Configuration',
  type: 'object',
  additionalProperties: false,
  required: ['plugin_id', 'project_id', 'configuration', 'effective', 'origins', 'is_active', 'revision'],
  properties: {
    plugin_id: { type: 'string' },
    project_id: { ...nullableId, description: 'null: the workspace’s own level' },
    configuration: { ...anyObject, description: 'what this level says; secrets read "••••"' },
    effective: { ...anyObject, description: 'what a call sees: defaults, workspace, project' },
    origins: { type: 'object', additionalProperties: origin, description: 'where each value comes from' },
    is_active: { type: 'boolean' },
    revision: { type: 'integer', description: 'of this level; 0 when nothing is written' },
    updated_at: nullableTime,
    updated_by: { type: ['string', 'null'] },
  },
} as const;

const level = {
  project_id: { ...id, description: 'without it: the workspace’s own level; `default` is the default project' },
} as const;

/** As an answer shows it, so that an answer may be written back: null is the workspace's own level. */
const levelInBody = {
  project_id: { ...id, type: ['string', 'null'], description: level.project_id.description },
} as const;

const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    ...levelInBody,
    configuration: { ...anyObject, description: 'every setting of this level; "••••" keeps a secret' },
    is_active: { type: 'boolean', description: 'false switches the plugin off here' },
    revision: { type: 'integer', minimum: 0, description: 'the one that you read; also as If-Match' },
  },
} as const;

const read = route({
  method: 'GET',
  path,
  summary: 'The settings of a plugin, at one level and as a call sees them',
  who: 'plugins:read',
  query: level,
  answer: configurationSchema,
  handle: async ({ caller, params, query }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    return answered(await presentConfiguration(installation, await levelOf(caller, query.project_id)));
  },
});

const create = route({
  method: 'POST',
  path,
  summary: 'Configure a plugin for the first time at this level',
  who: 'plugins:configure',
  query: level,
  body: { ...body, required: ['configuration'] },
  answer: configurationSchema,
  status: 201,
  handle: (request) => write(request, 'new'),
});

const replace = route({
  method: 'PUT',
  path,
  summary: 'Change the settings of a plugin at this level',
  who: 'plugins:configure',
  query: level,
  body,
  answer: configurationSchema,
  handle: (request) => write(request),
});

const remove = route({
  method: 'DELETE',
  path,
  summary: 'Forget what this level says',
  who: 'plugins:configure',
  query: level,
  answer: done,
  handle: async ({ caller, params, query, headers }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const project_id = await levelOf(caller, query.project_id);
    await removeConfiguration(installation, project_id, authorOf(caller), ifMatch(headers['if-match']));
    return {};
  },
});

const history = route({
  method: 'GET',
  path: `${path}/history`,
  summary: 'Revisions of the settings, the latest first',
  who: 'plugins:read',
  query: { ...level, ...pageFields },
  answer: listOf('revisions', {
    title: 'ConfigurationRevision',
    type: 'object',
    additionalProperties: false,
    required: ['revision', 'configuration', 'is_active', 'author', 'cause', 'at', 'changed', 'diff'],
    properties: {
      revision: { type: 'integer' },
      configuration: anyObject,
      is_active: { type: 'boolean' },
      author: {
        type: 'object',
        additionalProperties: false,
        required: ['kind', 'id', 'label'],
        properties: { kind: { type: 'string' }, id: { type: 'string' }, label: { type: 'string' } },
      },
      cause: { type: 'string' },
      at: time,
      changed: {
        type: 'array',
        items: { type: 'string' },
        description: 'settings that differ from the revision before',
      },
      diff: {
        type: 'array',
        description: 'what they were and became; absent where there was nothing, "••••" for secrets',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['name'],
          properties: { name: { type: 'string' }, from: anyValue, to: anyValue },
        },
      },
    },
  }),
  handle: async ({ caller, params, query }) => {
    const { _id, manifest } = await findInstallation(caller.workspace_id, params.id);
    const project_id = await levelOf(caller, query.project_id);
    const { workspace_id } = caller;
    const now = await Configuration.findOne({ workspace_id, installation_id: _id, project_id }).lean();
    if (!now) return { revisions: [], total: 0, page: query.page, size: query.size };
    const filter = { workspace_id, configuration_id: now._id };
    const { skip, limit } = pageWindow(query);
    // One more than the page: the first revision of a page differs from the one after its end.
    const [found, total] = await Promise.all([
      ConfigurationRevision.find(filter)
        .sort({ revision: -1 })
        .skip(skip)
        .limit(limit + 1)
        .lean(),
      ConfigurationRevision.countDocuments(filter),
    ]);
    const revisions = found.slice(0, limit).map((one, place) => ({
      revision: one.revision,
      configuration: shownValues(one, manifest),
      is_active: one.is_active ?? true,
      author: { kind: one.author.kind, id: one.author.id, label: one.author.label },
      cause: one.cause,
      at: one.at.toISOString(),
      ...changedBetween(found[place + 1], one, manifest),
    }));
    return { revisions, total, page: query.page, size: query.size };
  },
});

const restore = route({
  method: 'POST',
  path: `${path}/restore`,
  summary: 'Write an earlier revision again',
  who: 'plugins:configure',
  query: level,
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['revision'],
    properties: { ...levelInBody, revision: { type: 'integer', minimum: 1 } },
  },
  answer: configurationSchema,
  handle: async ({ caller, params, query, headers, language, body: { project_id, revision } }) => {
    const { workspace_id } = caller;
    const installation = await findInstallation(workspace_id, params.id);
    const at = await levelOf(caller, project_id ?? query.project_id);
    const read = ifMatch(headers['if-match']);
    await restoreConfiguration(
      {
        ...{ workspace_id, installation, project_id: at, author: authorOf(caller), language },
        ...(read !== undefined && { revision: read }),
      },
      revision,
    );
    return answered(await presentConfiguration(installation, at));
  },
});

interface WriteRequest {
  caller: Caller;
  params: { id: string };
  query: { project_id?: string };
  body: { project_id?: string | null; configuration?: Record<string, unknown>; is_active?: boolean; revision?: number };
  headers: Record<string, string | undefined>;
  language: 'en' | 'zh-Hans' | 'zh-Hant';
}

async function write(request: WriteRequest, expects?: 'new') {
  const { caller, params, query, body: wanted, headers, language } = request;
  const installation = await findInstallation(caller.workspace_id, params.id);
  const project_id = await levelOf(caller, wanted.project_id ?? query.project_id);
  const revision = wanted.revision ?? ifMatch(headers['if-match']);
  await writeConfiguration({
    workspace_id: caller.workspace_id,
    installation,
    project_id,
    author: authorOf(caller),
    language,
    ...(wanted.configuration && { configuration: wanted.configuration }),
    ...(wanted.is_active !== undefined && { is_active: wanted.is_active }),
    ...(revision !== undefined && { revision }),
    ...(expects && { expects }),
  });
  return answered(await presentConfiguration(installation, project_id));
}

function answered<Content extends { revision: number }>(content: Content): Reply<Content> {
  return new Reply(content, { headers: { ETag: `"${content.revision}"` } });
}

async function levelOf(caller: Caller, project_id: string | undefined): Promise<string | null> {
  const wanted = project_id ?? caller.project_id ?? undefined;
  if (wanted === undefined) return null;
  return (await findProject(caller.workspace_id, wanted === 'default' ? null : wanted, caller.project_id))._id;
}

/** A revision in `If-Match`, with or without quotes; `*` is any. */
function ifMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const number = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (number === undefined) {
    throw new Failure('malformed', { message: 'If-Match takes the revision that you read, such as "3"' });
  }
  return Number(number);
}

function authorOf({ kind, id, label }: Caller): Author {
  return { kind, id, label };
}

type Value = Shape<typeof anyValue>;
type Level = Pick<Configuration, 'values_text' | 'secrets' | 'is_active'>;

/** The settings that differ between two revisions, and how; what a secret was or became stays unsaid. */
function changedBetween(before: Level | undefined, after: Level, manifest: Installation['manifest']) {
  const [old, fresh] = [before && shownValues(before, manifest), shownValues(after, manifest)];
  const [was, is] = [storedTexts(before), storedTexts(after)];
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name)).sort();
  const diff = changed.map((name) => ({
    name,
    ...(old && Object.hasOwn(old, name) && { from: old[name] as Value }),
    ...(Object.hasOwn(fresh, name) && { to: fresh[name] as Value }),
  }));
  return { changed, diff };
}

/** Each setting as it is stored. A secret that was sealed again has another text, also when it is the same: it was written. */
function storedTexts(level: Level | undefined): Map<string, string> {
  if (!level) return new Map();
  const values = Object.entries(valuesOf(level)).map(([name, value]): [string, string] => [
    name,
    JSON.stringify(value),
  ]);
  return new Map([...values, ...level.secrets.map(({ name, sealed }): [string, string] => [name, sealed])]);
}

export const configurationRoutes: Route[] = [read, create, replace, remove, history, restore, ...settingsRoutes];
