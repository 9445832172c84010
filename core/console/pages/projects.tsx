import { Button, Group, Paper, Stack, Table, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProjects } from '../api/queries.ts';
import { request } from '../api/request.ts';
import type { Project } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { Confirm } from '../parts/confirm.tsx';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { useNames } from '../parts/names.ts';
import { Page } from '../parts/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { QueryView } from '../parts/query-view.tsx';

/** The projects of the workspace; settings and integrations belong to one of them. */
export default function Projects() {
  const { t } = useText();
  const { query: place } = useLocation();
  const query = useProjects({ page: Number(place.get('page') ?? 1) });
  return (
    <Page title={t('nav.projects')} lead={t('projects.lead')}>
      <NewProject />
      <QueryView query={query}>
        {({ projects, total, page, size }) => (
          <Stack>
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('form.name')}</Table.Th>
                    <Table.Th>{t('keys.actions')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {projects.map((project) => (
                    <Line key={project.id} project={project} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <Pager total={total} page={page} size={size} />
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

function NewProject() {
  const { t } = useText();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => request<Project>('POST', '/projects', { body: { name } }),
    onSuccess: () => {
      setName('');
      return client.invalidateQueries({ queryKey: ['/projects'] });
    },
  });
  return (
    <Paper withBorder p="lg" maw={760}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack>
          <Title order={2} size="h4">
            {t('projects.new')}
          </Title>
          <TextInput
            required
            name="name"
            label={t('form.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {make.error && <ErrorPanel error={make.error} />}
          <Group>
            <Button type="submit" loading={make.isPending} disabled={name.trim() === ''}>
              {t('projects.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function Line({ project }: { project: Project }) {
  const { t, say } = useText();
  const names = useNames();
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const path = `/projects/${project.id}`;
  const rename = useMutation({
    mutationFn: () => request('PATCH', path, { body: { name } }),
    onSuccess: () => {
      setName(null);
      return client.invalidateQueries({ queryKey: ['/projects'] });
    },
  });
  const remove = useMutation({
    mutationFn: () => request('DELETE', path),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Table.Tr>
      <Table.Td>
        {name === null ? (
          names.project(project)
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              rename.mutate();
            }}
          >
            <Group>
              <TextInput
                aria-label={t('projects.name_of', { name: names.project(project) })}
                value={name}
                error={rename.error && say(rename.error.message)}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <Button type="submit" size="xs" loading={rename.isPending}>
                {t('form.save')}
              </Button>
              <Button
                size="xs"
                variant="default"
                onClick={() => {
                  setName(null);
                  rename.reset();
                }}
              >
                {t('form.cancel')}
              </Button>
            </Group>
          </form>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap="xs">
          <Link to={`/projects/${project.id}`}>{t('projects.settings')}</Link>
          <Button
            size="xs"
            variant="default"
            aria-label={t('projects.rename_name', { name: names.project(project) })}
            onClick={() => setName(project.name)}
          >
            {t('projects.rename')}
          </Button>
          {/* Requests that name no project mean the default one: it stays. */}
          {!project.is_default && (
            <Confirm
              size="xs"
              label={t('form.delete')}
              title={t('projects.delete_title', { name: project.name })}
              text={t('projects.delete_text')}
              busy={remove.isPending}
              error={remove.error}
              onConfirm={() => remove.mutate()}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
