import { Button, NativeSelect, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { Facets as Counts } from '../../api/types.ts';
import type { TextName } from '../../language/en.ts';
import { useText } from '../../language/use-text.tsx';
import { setQuery, useLocation } from '../../navigation/navigate.ts';
import { useNames } from '../../parts/names.ts';
import { usePermissionNames } from '../../parts/permission-list.tsx';

/** What the marketplace can be narrowed by; each is a value of the address. */
export const facetNames = ['category', 'auth_type', 'permission', 'publisher', 'verified', 'compatible'] as const;
const choices: [name: 'category' | 'auth_type' | 'permission' | 'publisher', label: TextName][] = [
  ['category', 'marketplace.category'],
  ['auth_type', 'marketplace.auth_type'],
  ['permission', 'marketplace.permission'],
  ['publisher', 'marketplace.publisher'],
];
/** A longer list is no choice any more; the search finds what it leaves out. */
const mostOptions = 200;

/** How the marketplace is sorted. Without words to match, nothing matches best. */
export function sortOf(query: URLSearchParams): string {
  const chosen = query.get('sort_by');
  const isSearch = Boolean(query.get('search'));
  return chosen && (isSearch || chosen !== 'relevance') ? chosen : isSearch ? 'relevance' : 'downloads';
}

/** Sorting and facets, each value with how many plugins it would leave. */
export function Facets({ facets }: { facets: Counts }) {
  const { t, number } = useText();
  const { query } = useLocation();
  const names = useNames();
  const permissionsOf = usePermissionNames();
  const words: Record<string, (value: string) => string> = {
    category: names.category,
    auth_type: names.way,
    permission: (name) => permissionsOf([{ name }]),
  };
  const options = (name: keyof Counts) => {
    const counts = Object.entries(facets[name] ?? {}).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    const chosen = query.get(name);
    // What is chosen stays choosable when nothing is left of it.
    if (chosen && !counts.some(([value]) => value === chosen)) counts.unshift([chosen, 0]);
    return counts.slice(0, mostOptions).map(([value, count]) => ({
      value,
      label: t('marketplace.option', { value: words[name]?.(value) ?? value, count: number(count) }),
    }));
  };
  const sorts = [
    ...(query.get('search') ? [{ value: 'relevance', label: t('marketplace.sort_best') }] : []),
    { value: 'downloads', label: t('marketplace.sort_downloads') },
    { value: 'rating', label: t('marketplace.sort_rating') },
    { value: 'updated_at', label: t('marketplace.sort_updated') },
    { value: 'name', label: t('marketplace.sort_name') },
  ];
  const isNarrowed = facetNames.some((name) => query.get(name));
  return (
    <Stack gap="sm" component="section" aria-label={t('marketplace.narrow')}>
      <SimpleGrid cols={{ base: 2, lg: 1 }} spacing="sm">
        <NativeSelect
          label={t('marketplace.sort')}
          value={sortOf(query)}
          onChange={(event) => setQuery({ sort_by: event.currentTarget.value || null, page: null })}
          data={sorts}
        />
        {choices.map(([name, label]) => (
          <NativeSelect
            key={name}
            label={t(label)}
            value={query.get(name) ?? ''}
            data={[{ value: '', label: t('marketplace.any') }, ...options(name)]}
            onChange={(event) => setQuery({ [name]: event.currentTarget.value || null, page: null })}
          />
        ))}
      </SimpleGrid>
      <Switch
        label={t('marketplace.verified_only')}
        checked={query.get('verified') === 'true'}
        onChange={(event) => setQuery({ verified: event.currentTarget.checked ? 'true' : null, page: null })}
      />
      <Switch
        label={t('marketplace.compatible_only')}
        checked={query.get('compatible') === 'true'}
        onChange={(event) => setQuery({ compatible: event.currentTarget.checked ? 'true' : null, page: null })}
      />
      {isNarrowed && (
        <Button
          variant="default"
          size="xs"
          onClick={() => setQuery({ ...Object.fromEntries(facetNames.map((name) => [name, null])), page: null })}
        >
          {t('marketplace.all')}
        </Button>
      )}
    </Stack>
  );
}
