import { Button, Code, Group, Paper, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { AuditEntry } from '../api/people-types.ts';
import { useResource } from '../api/queries.ts';
import type { Page as Listed } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { useTyped } from '../navigation/use-typed.ts';
import { Json } from '../parts/json.tsx';
import { useNames } from '../parts/names.ts';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { ForAdmins, useIsAtLeast } from '../parts/role.tsx';

const filters = ['actor', 'action', 'target', 'since', 'until'] as const;

export default function Audit() {
  const { t } = useText();
  const isAdmin = useIsAtLeast('admin');
  if (isAdmin) return <Trail />;
  return (
    <Page title={t('nav.audit')} lead={t('audit.lead')}>
      <ForAdmins>{null}</ForAdmins>
    </Page>
  );
}

/** Who changed what; the filters are in the address, and what is exported is what is shown. */
function Trail() {
  const { t } = useText();
  const { query } = useLocation();
  const asked = Object.fromEntries(
    filters.flatMap((name): [string, string][] => {
      const value = query.get(name);
      if (!value) return [];
      if (name !== 'since' && name !== 'until') return [[name, value]];
      const at = Date.parse(value);
      // An address may say anything; what is no time narrows nothing.
      return Number.isNaN(at) ? [] : [[name, new Date(at).toISOString()]];
    }),
  );
  const found = useResource<Listed<'entries', AuditEntry>>('/audit', {
    ...asked,
    page: Number(query.get('page') ?? 1),
  });
  const file = `/api/v1/audit?${new URLSearchParams({ ...asked, format: 'jsonl' })}`;
  const exported = (
    <Button component="a" variant="default" href={file} download="audit.jsonl">
      {t('audit.export')}
    </Button>
  );
  return (
    <Page title={t('nav.audit')} lead={t('audit.lead')} actions={exported}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }}>
        <Filter name="actor" label={t('audit.actor')} hint={t('audit.actor_hint')} />
        <Filter name="action" label={t('audit.action')} hint={t('audit.action_hint')} />
        <Filter name="target" label={t('audit.target')} hint={t('audit.target_hint')} />
        <Filter name="since" label={t('audit.since')} isTime />
        <Filter name="until" label={t('audit.until')} isTime />
      </SimpleGrid>
      <QueryView query={found}>
        {({ entries, total, page, size }) =>
          entries.length === 0 ? (
            <Nothing title={t('audit.none')} hint={t('audit.none_hint')} />
          ) : (
            <Stack gap="xs">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
              <Pager total={total} page={page} size={size} />
            </Stack>
          )
        }
      </QueryView>
    </Page>
  );
}

/** A time as `datetime-local` has it. */
const localTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;
// What the field itself could not hold, a browser would complain of.
const readTime = (given: string): string => (localTime.test(given) ? given : '');

function Filter({
  name,
  label,
  hint,
  isTime = false,
}: {
  name: (typeof filters)[number];
  label: string;
  hint?: ReactNode;
  isTime?: boolean;
}) {
  const { time } = useText();
  const [value, setValue] = useTyped(name, isTime ? readTime : undefined);
  // The field itself has the browser's own order of day and month.
  const told = isTime && value && !Number.isNaN(Date.parse(value)) ? time(new Date(value).toISOString()) : hint;
  return (
    <TextInput
      type={isTime ? 'datetime-local' : 'text'}
      label={label}
      description={told}
      inputWrapperOrder={['label', 'input', 'description']}
      maxLength={100}
      value={value}
      onChange={(event) => setValue(event.currentTarget.value)}
    />
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t, moment } = useText();
  const names = useNames();
  const [open, setOpen] = useState(false);
  const hasChanges = Object.keys(entry.before).length > 0 || Object.keys(entry.after).length > 0;
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between">
        <div>
          <Group gap="xs">
            <Text fw={600}>{names.action(entry.action)}</Text>
            <Code>{entry.action}</Code>
          </Group>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {entry.actor.kind === 'system' ? names.source('system') : entry.actor.label} →{' '}
            {names.thing(entry.target.kind)} {entry.target.name ?? entry.target.id}
          </Text>
          <Text size="xs" c="dimmed">
            {moment(entry.at)}
            {entry.address && ` · ${entry.address}`} · {entry.id}
          </Text>
        </div>
        {hasChanges && (
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? t('audit.hide') : t('audit.show')}
          </Button>
        )}
      </Group>
      {open && (
        <Group grow align="flex-start" mt="sm">
          <Stack gap={4}>
            <Text size="sm">{t('audit.before')}</Text>
            <Json label={t('audit.before')} value={entry.before} />
          </Stack>
          <Stack gap={4}>
            <Text size="sm">{t('audit.after')}</Text>
            <Json label={t('audit.after')} value={entry.after} />
          </Stack>
        </Group>
      )}
    </Paper>
  );
}
