import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from './request.ts';
import type {
  Configuration,
  EventEntry,
  Health,
  Integration,
  Invocation,
  Listing,
  LogLine,
  Me,
  Package,
  Page,
  Plugin,
  Sync,
} from './types.ts';

type Query = Record<string, string | number | undefined>;
/** A resource by its path; the cache key is what was asked. */
export function useResource<Content>(
  path: string,
  query: Query = {},
  more: { every_ms?: number; enabled?: boolean } = {},
) {
  return useQuery({
    queryKey: [path, query],
    queryFn: ({ signal }) => request<Content>('GET', path, { query, signal }),
    placeholderData: keepPreviousData,
    ...(more.every_ms ? { refetchInterval: more.every_ms } : {}),
    ...(more.enabled === undefined ? {} : { enabled: more.enabled }),
  });
}

const at = encodeURIComponent;
export const useMe = () => useResource<Me>('/auth/me');
export const useMarketplace = (query: Query) =>
  useResource<Page<'plugins', Listing> & { facets?: Record<string, unknown> }>('/plugins/marketplace', query);
export const usePackage = (name: string) => useResource<Package>(`/plugins/marketplace/${at(name)}`);
export const usePlugins = (query: Query = {}) =>
  useResource<Page<'plugins', Plugin>>('/plugins', { size: 100, ...query });
export const usePlugin = (id: string) => useResource<Plugin>(`/plugins/${at(id)}`);
export const useConfiguration = (id: string) => useResource<Configuration>(`/plugins/${at(id)}/configuration`);
export const useInvocations = (id: string) =>
  useResource<Page<'invocations', Invocation>>(`/plugins/${at(id)}/invocations`, {}, { every_ms: 5_000 });
export const useLogs = (id: string) =>
  useResource<Page<'logs', LogLine>>(`/plugins/${at(id)}/logs`, {}, { every_ms: 5_000 });
export const useIntegrations = (query: Query) => useResource<Page<'integrations', Integration>>('/integrations', query);
export const useIntegration = (id: string) => useResource<Integration>(`/integrations/${at(id)}`);
export const useSyncs = (id: string) =>
  useResource<Page<'logs', Sync>>(`/integrations/${at(id)}/sync/logs`, {}, { every_ms: 2_000 });
export const useEvents = (query: Query) =>
  useResource<Page<'events', EventEntry>>('/events', query, { every_ms: 5_000 });

export const useHealth = () => useResource<Health>('/health', {}, { every_ms: 5_000 });
