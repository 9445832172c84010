import { Release } from '../../marketplace/models/release.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { type Language, textIn } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Installation } from '../installations/model.ts';
import { fieldsOf } from './read-auth.ts';

/** An integration type: what an installed or published plugin with `auth` connects to. */
export interface IntegrationType {
  type: string;
  plugin: string;
  manifest: Manifest;
  is_installed: boolean;
}

/**
 * Every type: of the workspace's plugins (when there is one), and of what is published here. One entry a plugin; the
 * installed release wins over the published one.
 */
export async function listTypes(workspace_id: string | null): Promise<IntegrationType[]> {
  const found = new Map<string, IntegrationType>();
  const published = await publishedManifests();
  const installed = workspace_id ? await Installation.find({ workspace_id }).lean() : [];
  const add = (manifest: Manifest, is_installed: boolean) => {
    if (manifest.integration && !found.has(manifest.name))
      found.set(manifest.name, { type: manifest.integration.type, plugin: manifest.name, manifest, is_installed });
  };
  for (const { manifest } of installed) add(manifest, true);
  for (const manifest of published) add(manifest, false);
  return [...found.values()].sort((a, b) =>
    a.type < b.type ? -1 : a.type > b.type ? 1 : a.plugin < b.plugin ? -1 : 1,
  );
}

async function publishedManifests(): Promise<Manifest[]> {
  const releases = await Release.find({ state: 'published' }).sort({ published_at: -1 }).lean();
  return releases.map((release) => JSON.parse((release as { manifest_text: string }).manifest_text) as Manifest);
}

/** @throws Failure `not_found` naming the nearest */
export async function findTypeSchema(workspace_id: string | null, type: string): Promise<IntegrationType> {
  const all = await listTypes(workspace_id);
  const found = all.find((one) => one.type === type || `${one.plugin.slice(1).split('/')[0]}/${one.type}` === type);
  if (found) return found;
  const near = nearest(
    type,
    all.map((one) => one.type),
  );
  throw new Failure('not_found', {
    message: `There is no integration type ${quote(type)}${near ? `; did you mean ${near}?` : ''}`,
    content: { nearest: near ?? null },
  });
}

/** A type as a list shows it. */
export function presentType({ type, plugin, manifest, is_installed }: IntegrationType, language: Language) {
  return {
    type,
    plugin,
    name: textIn(manifest.display_name ?? plugin, language),
    description: textIn(manifest.description ?? '', language),
    category: manifest.integration?.category ?? 'custom',
    service_type: manifest.integration?.service_type ?? 'custom',
    auth_types: (manifest.auth ?? []).map((auth) => auth.type),
    streams: Object.keys(manifest.streams ?? {}),
    actions: Object.keys(manifest.actions ?? {}),
    is_installed,
  };
}

/** What a form needs to make an integration of a type: settings, ways to authorise, and what can be synced. */
export function presentTypeSchema({ manifest, type, plugin }: IntegrationType, language: Language) {
  return {
    type,
    plugin,
    configuration: (manifest.configuration ?? {
      type: 'object',
      additionalProperties: false,
      properties: {},
    }) as Record<string, unknown>,
    auth: (manifest.auth ?? []).map((auth) => ({
      name: auth.name,
      type: auth.type,
      title: textIn(auth.title ?? auth.name, language),
      fields: { ...fieldsOf(auth) } as Record<string, unknown>,
      scopes: (auth.authorize?.scopes ?? []).map((scope) =>
        typeof scope === 'string'
          ? { scope, optional: false, reason: '' }
          : { scope: scope.scope, optional: scope.optional ?? false, reason: textIn(scope.reason ?? '', language) },
      ),
    })),
    app: (manifest.app ?? {}) as Record<string, unknown>,
    sync: {
      streams: Object.entries(manifest.streams ?? {}).map(([name, stream]) => ({
        name,
        title: textIn(stream.title, language),
        model: stream.model ?? null,
        modes: [...stream.modes],
        source: stream.source ?? 'pull',
      })),
      sync_interval: ['manual', 'hourly', 'daily', '15m', 'cron'],
    },
    permissions: (manifest.permissions ?? []) as unknown as Record<string, unknown>[],
  };
}
