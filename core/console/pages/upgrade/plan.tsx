import { Alert, Badge, Button, Group, List, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProjects, useRelease } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { asGrant, type Permission, type Plugin, type UpgradePlan } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { navigate, pageLeft } from '../../navigation/navigate.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { useNames } from '../../parts/names.ts';
import { PermissionDiff } from '../../parts/permission-diff.tsx';
import { usePermissionNames } from '../../parts/permission-list.tsx';
import { QueryView } from '../../parts/query-view.tsx';
import { type Trial, TrialChoice } from './trial-choice.tsx';

/** What the upgrade would do, found out by the host without doing it. */
export function Plan({ plugin, version }: { plugin: Plugin; version: string }) {
  const path = `/plugins/${plugin.id}/upgrade`;
  const query = useQuery({
    queryKey: [path, version, plugin.version],
    queryFn: async () => {
      const { plan } = await request<{ plan: UpgradePlan }>('POST', path, { body: { version, dry_run: true } });
      return plan;
    },
  });
  return <QueryView query={query}>{(plan) => <Decide plugin={plugin} plan={plan} />}</QueryView>;
}

function Decide({ plugin, plan }: { plugin: Plugin; plan: UpgradePlan }) {
  const { t } = useText();
  const namesOf = usePermissionNames();
  const client = useQueryClient();
  const release = useRelease(plugin.name, plan.to_version);
  const old = new Set((plugin.manifest.permissions ?? []).map((one) => JSON.stringify(asGrant(one))));
  // The plan names what must be granted; what may be granted besides is in the manifest.
  const optional = (release.data?.manifest.permissions ?? []).filter(
    (one) => one.optional && !old.has(JSON.stringify(asGrant(one))),
  );
  const added: Permission[] = [...plan.permissions_added, ...optional];
  const [chosen, setChosen] = useState<boolean[]>([]);
  const granted = added.map((_, index) => chosen[index] ?? false);
  const [trial, setTrial] = useState<Trial | null>(null);
  const upgrade = useMutation({
    mutationFn: () => {
      const permissions = added.filter((_, index) => granted[index]).map(grantOf);
      return request('POST', `/plugins/${plugin.id}/upgrade`, {
        body: {
          version: plan.to_version,
          ...(permissions.length > 0 && { permissions }),
          ...(trial && { canary: trial }),
        },
      });
    },
    onSuccess: async () => {
      navigate(`/plugins/${plugin.id}?tab=version`);
      // Else the plan is asked for once more, from a version to itself.
      await pageLeft();
      await client.invalidateQueries();
    },
  });
  const isNewest = plan.to_version === plugin.available_version;
  const missing = added.filter((one, index) => !one.optional && !granted[index]);
  const broken = plan.configuration.levels.filter(({ errors }) => errors.length > 0);
  return (
    <Stack gap="lg">
      <Facts plan={plan} />
      <PermissionDiff added={added} removed={plan.permissions_removed} granted={granted} onChange={setChosen} />
      <Settings plan={plan} />
      <Findings plan={plan} />
      <TrialChoice trial={trial} onChange={setTrial} />
      {upgrade.error && <ErrorPanel error={upgrade.error} />}
      {missing.length > 0 && (
        <Text size="sm" role="status">
          {t('upgrade.missing', { names: namesOf(missing) })}
        </Text>
      )}
      <Group>
        <Button
          disabled={missing.length > 0 || broken.length > 0}
          loading={upgrade.isPending}
          onClick={() => upgrade.mutate()}
        >
          {trial ? t('upgrade.try') : t(isNewest ? 'upgrade.submit' : 'upgrade.change', { version: plan.to_version })}
        </Button>
      </Group>
    </Stack>
  );
}

/** Consent to a credential travelling elsewhere is given by that word alone. */
function grantOf(permission: Permission): Permission | string {
  return permission.name === 'credentials' ? 'credentials' : asGrant(permission);
}

function Facts({ plan }: { plan: UpgradePlan }) {
  const { t, time, number } = useText();
  const { code_size: size, health } = plan;
  const kb = (bytes: number) => number(Math.round(bytes / 102.4) / 10);
  return (
    <Table>
      <Table.Tbody>
        <Table.Tr>
          <Table.Th scope="row">{t('plugin.version')}</Table.Th>
          <Table.Td>
            {plan.from_version} → {plan.to_version}
          </Table.Td>
        </Table.Tr>
        <Table.Tr>
          <Table.Th scope="row">{t('plugin.published')}</Table.Th>
          <Table.Td>{time(plan.published_at)}</Table.Td>
        </Table.Tr>
        {size && (
          <Table.Tr>
            <Table.Th scope="row">{t('upgrade.code_size')}</Table.Th>
            <Table.Td>{t('upgrade.code_sizes', { from: kb(size.from), to: kb(size.to) })}</Table.Td>
          </Table.Tr>
        )}
        <Table.Tr>
          <Table.Th scope="row">{t('upgrade.elsewhere')}</Table.Th>
          <Table.Td>
            {health
              ? t('plugin.health_words', {
                  calls: number(health.calls),
                  share: number(Math.round(health.crash_free * 1000) / 10),
                  p95: number(Math.round(health.p95_ms)),
                })
              : t('plugin.health_none')}
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

function Settings({ plan }: { plan: UpgradePlan }) {
  const { t, say } = useText();
  const names = useNames();
  const projects = useProjects();
  const { settings_added, settings_removed, migration, levels } = plan.configuration;
  const nameOf = (id: string | null) => {
    if (id === null) return t('settings.workspace');
    const project = projects.data?.projects.find((one) => one.id === id);
    return project ? names.project(project) : id;
  };
  const isTouched = levels.some(({ is_changed, errors }) => is_changed || errors.length > 0);
  if (settings_added.length + settings_removed.length === 0 && !isTouched && !migration) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t('plugin.configuration')}
      </Title>
      <Group gap={6}>
        {settings_added.map((name) => (
          <Badge key={name} color="teal" variant="light">
            + {name}
          </Badge>
        ))}
        {settings_removed.map((name) => (
          <Badge key={name} color="red" variant="light">
            − {name}
          </Badge>
        ))}
      </Group>
      {migration && <Text size="sm">{t('upgrade.migration')}</Text>}
      {levels.map(({ project_id, is_changed, errors }) =>
        errors.length > 0 ? (
          <Alert key={project_id} color="red" variant="light" title={t('upgrade.unfit', { level: nameOf(project_id) })}>
            <List size="sm">
              {errors.map(({ pointer, message }) => (
                <List.Item key={pointer + message}>
                  {pointer} {say(message)}
                </List.Item>
              ))}
            </List>
          </Alert>
        ) : (
          is_changed && (
            <Text key={project_id} size="sm">
              {t('upgrade.migrated', { level: nameOf(project_id) })}
            </Text>
          )
        ),
      )}
    </Stack>
  );
}

function Findings({ plan }: { plan: UpgradePlan }) {
  const { t, say } = useText();
  const names = useNames();
  if (!plan.findings?.length) return null;
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {t('upgrade.findings')}
      </Title>
      <List size="sm">
        {plan.findings.map(({ severity, file, message }) => (
          <List.Item key={file + message}>
            {names.severity(severity)} · {file} · {say(message)}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
