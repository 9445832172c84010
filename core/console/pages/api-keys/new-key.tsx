import {
  Button,
  Group,
  MultiSelect,
  NativeSelect,
  NumberInput,
  Paper,
  SimpleGrid,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { ApiKey, Page as Listed, Project } from '../../api/types.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useNames } from '../../parts/names.ts';
import { Section } from '../../parts/section.tsx';

const scopes = [
  ...['plugins:read', 'plugins:write', 'integrations:read', 'integrations:write', 'integrations:run'],
  ...['webhooks:read', 'webhooks:write', 'events:write', 'records:read', 'registry:publish', 'admin'],
];
interface Draft {
  name: string;
  scopes: string[];
  project_id: string;
  expires: string;
  rate_limit_per_hour: number | string;
  rate_limit_per_day: number | string;
  ip_allowlist: string[];
}
const empty: Draft = {
  ...{ name: '', scopes: [], project_id: '', expires: '', ip_allowlist: [] },
  ...{ rate_limit_per_hour: '', rate_limit_per_day: '' },
};

/** A day's last second on the reader's clock; null without one, or while it is being typed. */
function endOf(day: string): string | null {
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** A key as the host takes it: what was left empty is not limited. */
function bodyOf(draft: Draft) {
  const limit = (value: number | string) => (typeof value === 'number' ? value : null);
  return {
    name: draft.name,
    scopes: draft.scopes,
    project_id: draft.project_id || null,
    expires_at: endOf(draft.expires),
    rate_limit_per_hour: limit(draft.rate_limit_per_hour),
    rate_limit_per_day: limit(draft.rate_limit_per_day),
    ip_allowlist: draft.ip_allowlist,
  };
}

/** The form of a new key. The key itself goes to `onMade`, and nowhere else. */
export function NewKey({ onMade }: { onMade(key: string): void }) {
  const { t, time } = useText();
  const names = useNames();
  const [draft, setDraft] = useState(empty);
  const projects = useResource<Listed<'projects', Project>>('/projects', { size: 100 }).data?.projects ?? [];
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const make = useChange(async () => {
    const { key } = await request<ApiKey>('POST', '/api-keys', { body: bodyOf(draft) });
    setDraft(empty);
    onMade(key ?? '');
    scrollTo(0, 0);
  });
  return (
    <Section title={t('keys.new')}>
      <Paper withBorder p="lg" maw={760}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <Stack>
            <TextInput
              required
              name="name"
              label={t('form.name')}
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <MultiSelect
              label={t('keys.scopes')}
              description={t('keys.scopes_hint')}
              data={scopes}
              value={draft.scopes}
              onChange={(chosen) => change({ scopes: chosen })}
              searchable
            />
            <NativeSelect
              label={t('keys.project')}
              value={draft.project_id}
              data={[
                { value: '', label: t('keys.any_project') },
                ...projects.map((one) => ({ value: one.id, label: names.project(one) })),
              ]}
              onChange={(event) => change({ project_id: event.currentTarget.value })}
            />
            <SimpleGrid cols={{ base: 1, xs: 3 }}>
              <NumberInput
                label={t('keys.per_hour')}
                min={1}
                allowDecimal={false}
                value={draft.rate_limit_per_hour}
                onChange={(value) => change({ rate_limit_per_hour: value })}
              />
              <NumberInput
                label={t('keys.per_day')}
                min={1}
                allowDecimal={false}
                value={draft.rate_limit_per_day}
                onChange={(value) => change({ rate_limit_per_day: value })}
              />
              <TextInput
                type="date"
                label={t('keys.expires')}
                // The field itself has the browser's own order of day and month.
                description={draft.expires && time(endOf(draft.expires))}
                inputWrapperOrder={['label', 'input', 'description']}
                value={draft.expires}
                onChange={(event) => change({ expires: event.currentTarget.value })}
              />
            </SimpleGrid>
            <TagsInput
              label={t('keys.addresses')}
              description={t('keys.addresses_hint')}
              value={draft.ip_allowlist}
              onChange={(ip_allowlist) => change({ ip_allowlist })}
            />
            {make.error && <ErrorPanel error={make.error} />}
            <Group>
              <Button
                type="submit"
                loading={make.isPending}
                disabled={draft.scopes.length === 0 || draft.name.trim() === ''}
              >
                {t('keys.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
