import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';
import { Waiting } from './waiting.tsx';

/** One of the states that every piece of data has: on its way, failed, there. */
export function QueryView<Data>({
  query,
  children,
}: {
  query: UseQueryResult<Data, Error>;
  children: (data: Data) => ReactNode;
}) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <ErrorPanel error={query.error} retry={() => void query.refetch()} />;
  return <Waiting />;
}
