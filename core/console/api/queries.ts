import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { showWorkspace } from './chosen-workspace.ts';
import { request } from './request.ts';
import type {
  Canary,
  Configuration,
  EventEntry,
  Facets,
  Health,
  Integration,
  IntegrationLog,
  IntegrationType,
  IntegrationTypeSchema,
  Invocation,
  InvocationDetail,
  Listing,
  LogLine,
  Me,
  Metrics,
  OAuthClient,
  Package,
  Page,
  PermissionReport,
  Plugin,
  Project,
  Publisher,
  Release,
  Review,
  Revision,
  Sync,
  SyncedRecord,
} from './types.ts';

type Query = Record<string, string | number | undefined>;
interface More {
  every_ms?: number;
  enabled?: boolean;
  /** false: what was there for another path is not shown while this one is on its way */
  keep?: boolean;
}
/** A resource by its path; the cache key is what was asked. */
export function useResource<Content>(path: string, query: Query = {}, more: More = {}) {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => request<Content>('GET', path, { query, signal }),
    ...(more.keep === false ? {} : { placeholderData: keepPreviousData }),
    ...(more.every_ms ? { refetchInterval: more.every_ms } : {}),
    ...(more.enabled === undefined ? {} : { enabled: more.enabled }),
  });
}

const at = encodeURIComponent;
/** Who reads, and in which workspace; everything else is asked for there, once this is known. */
export const useMe = () =>
  useQuery({
    queryKey: ['/auth/me'],
    queryFn: async ({ signal }) => {
      const me = await request<Me>('GET', '/auth/me', { signal });
      showWorkspace(me.workspace_id ?? null);
      return me;
    },
  });
export const useMarketplace = (query: Query) =>
  useResource<Page<'plugins', Listing> & { facets?: Facets }>('/plugins/marketplace', query);
export const usePackage = (name: string) => useResource<Package>(`/plugins/marketplace/${at(name)}`);
export const useReviews = (name: string, query: Query) =>
  useResource<Page<'reviews', Review>>(`/registry/plugins/${at(name)}/reviews`, query);
export const useRelease = (name: string, version: string) =>
  useResource<Release>(
    `/registry/plugins/${at(name)}/versions/${at(version)}`,
    {},
    { enabled: version !== '', keep: false },
  );
export const usePublisher = (name: string) => useResource<Publisher>(`/registry/publishers/${at(name)}`);
export const useProjects = (query: Query = {}) =>
  useResource<Page<'projects', Project>>('/projects', { size: 100, ...query });
export const usePlugins = (query: Query = {}) =>
  useResource<Page<'plugins', Plugin>>('/plugins', { size: 100, ...query });
export const usePlugin = (id: string) => useResource<Plugin>(`/plugins/${at(id)}`);
export const useCanary = (id: string, enabled: boolean) =>
  useResource<Canary>(`/plugins/${at(id)}/canary`, {}, { every_ms: 5_000, enabled });
/** @param project_id without it: the workspace's own level */
export const useConfiguration = (id: string, project_id?: string) =>
  useResource<Configuration>(`/plugins/${at(id)}/configuration`, { project_id }, { keep: false });
export const useRevisions = (id: string, query: Query) =>
  useResource<Page<'revisions', Revision>>(`/plugins/${at(id)}/configuration/history`, query);
export const useMetrics = (id: string, hours: number) =>
  useResource<Metrics>(`/plugins/${at(id)}/metrics`, { hours }, { every_ms: 10_000 });
export const usePermissionReport = (id: string) => useResource<PermissionReport>(`/plugins/${at(id)}/permissions`);
export const useInvocations = (id: string, query: Query = {}) =>
  useResource<Page<'invocations', Invocation>>(`/plugins/${at(id)}/invocations`, query, { every_ms: 5_000 });
export const useInvocation = (id: string) => useResource<InvocationDetail>(`/invocations/${at(id)}`);
export const useLogs = (id: string, query: Query) =>
  useResource<Page<'logs', LogLine>>(`/plugins/${at(id)}/logs`, query);
export const useIntegrationTypes = (query: Query) =>
  useResource<Page<'types', IntegrationType>>('/integrations/types', { size: 100, ...query });
export const useIntegrationType = (type: string) =>
  useResource<IntegrationTypeSchema>(`/integrations/types/${at(type)}/schema`, {}, { enabled: type !== '' });
export const useOAuthClient = (type: string, enabled: boolean) =>
  useResource<OAuthClient>(`/integrations/types/${at(type)}/oauth-client`, {}, { enabled });
export const useIntegrationLogs = (id: string, query: Query) =>
  useResource<Page<'logs', IntegrationLog>>(`/integrations/${at(id)}/logs`, query);
export const useRecords = (id: string, query: Query) =>
  useResource<Page<'records', SyncedRecord>>(`/integrations/${at(id)}/records`, query);
export const useIntegrations = (query: Query) => useResource<Page<'integrations', Integration>>('/integrations', query);
export const useIntegration = (id: string) => useResource<Integration>(`/integrations/${at(id)}`);
export const useSyncs = (id: string) =>
  useResource<Page<'logs', Sync>>(`/integrations/${at(id)}/sync/logs`, {}, { every_ms: 2_000 });
export const useEvents = (query: Query) =>
  useResource<Page<'events', EventEntry>>('/events', query, { every_ms: 5_000 });

export const useHealth = () => useResource<Health>('/health', {}, { every_ms: 5_000 });
