import { Button, Card, Group, Paper, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useResource } from '../api/queries.ts';
import type { Publisher } from '../api/registry-types.ts';
import { request } from '../api/request.ts';
import type { Page as Listed } from '../api/types.ts';
import { useChange } from '../api/use-change.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { navigate } from '../navigation/navigate.ts';
import { ErrorPanel } from '../parts/error-panel.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';
import { QueryView } from '../parts/query-view.tsx';
import { Section } from '../parts/section.tsx';

/** The publishers that the reader belongs to. */
export default function Authors() {
  const { t, number, pair } = useText();
  const found = useResource<Listed<'publishers', Publisher>>('/registry/publishers', { mine: 'true', size: 100 });
  return (
    <Page title={t('nav.authors')} lead={t('authors.lead')}>
      <QueryView query={found}>
        {({ publishers }) =>
          publishers.length === 0 ? (
            <Nothing title={t('authors.none')} hint={t('authors.none_hint')} />
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {publishers.map((one) => (
                <Card withBorder key={one.name}>
                  <Link to={`/authors/${one.name}`} fw={600}>
                    {one.name}
                  </Link>
                  <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                    {one.display_name}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {pair(t('authors.keys'), number(one.keys.filter((key) => key.revoked_at === null).length))}
                  </Text>
                </Card>
              ))}
            </SimpleGrid>
          )
        }
      </QueryView>
      <NewPublisher />
    </Page>
  );
}

function NewPublisher() {
  const { t } = useText();
  const [name, setName] = useState('@');
  const [display, setDisplay] = useState('');
  const [key, setKey] = useState('');
  const make = useChange(async () => {
    const made = await request<Publisher>('POST', '/registry/publishers', {
      body: {
        name,
        ...(display.trim() !== '' && { display_name: display.trim() }),
        ...(key.trim() !== '' && { public_key: key.trim() }),
      },
    });
    navigate(`/authors/${made.name}`);
  });
  return (
    <Section title={t('authors.new')}>
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
              label={t('authors.name')}
              description={t('authors.name_hint')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <TextInput
              label={t('authors.display_name')}
              value={display}
              maxLength={200}
              onChange={(event) => setDisplay(event.currentTarget.value)}
            />
            <Textarea
              label={t('authors.key')}
              description={t('authors.key_hint')}
              value={key}
              onChange={(event) => setKey(event.currentTarget.value)}
            />
            {make.error && <ErrorPanel error={make.error} />}
            <Group>
              <Button type="submit" loading={make.isPending}>
                {t('authors.make')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Section>
  );
}
