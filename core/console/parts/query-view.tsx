import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.ts';
import { useText } from '../language/use-text.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { Page } from './page.tsx';
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

/** The same for what a whole page is about: where that is not there, the page and its window still have a title. */
export function PageView<Data>({
  query,
  children,
}: {
  query: UseQueryResult<Data, Error>;
  children: (data: Data) => ReactNode;
}) {
  const { t } = useText();
  const { error } = query;
  if (query.data !== undefined || !error) return <QueryView query={query}>{children}</QueryView>;
  const isNowhere = error instanceof ApiError && error.status === 404;
  return (
    <Page title={t(isNowhere ? 'not_found.title' : 'error.page')}>
      <ErrorPanel error={error} retry={() => void query.refetch()} />
    </Page>
  );
}
