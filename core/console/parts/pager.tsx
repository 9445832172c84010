import { Pagination } from '@mantine/core';
import { useText } from '../language/use-text.tsx';
import { setQuery } from '../navigation/navigate.ts';

/** Pages of a list; the page is in the address. */
export function Pager({ total, page, size }: { total: number; page: number; size: number }) {
  const { t } = useText();
  const pages = Math.ceil(total / size);
  if (pages < 2) return null;
  return (
    <Pagination
      total={pages}
      value={page}
      onChange={(next) => setQuery({ page: next === 1 ? null : String(next) })}
      getControlProps={(control) => ({ 'aria-label': control === 'next' ? t('pager.next') : t('pager.previous') })}
      getItemProps={(number) => ({ 'aria-label': t('pager.page', { page: number }) })}
    />
  );
}
