import { Alert, Button, FileInput, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Published } from '../../api/registry-types.ts';
import { upload } from '../../api/upload.ts';
import { useChange } from '../../api/use-change.ts';
import { useText } from '../../language/use-text.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Section } from '../../parts/section.tsx';
import { Findings } from './findings.tsx';

/** Publishes a packed plugin, with how much of it was sent; then what the review found. */
export function Upload() {
  const { t } = useText();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const publish = useChange(async () => {
    setShare(0);
    return upload<Published>('/registry/plugins', file ?? new Blob(), setShare);
  });
  const percent = Math.round(share * 100);
  return (
    <Section title={t('authors.upload')}>
      <Paper withBorder p="lg" maw={760}>
        <Stack>
          <FileInput
            label={t('authors.file')}
            description={t('authors.file_hint')}
            placeholder={t('authors.choose_file')}
            accept=".tgz,application/gzip"
            value={file}
            onChange={(chosen) => {
              setFile(chosen);
              publish.reset();
            }}
          />
          {publish.isPending && (
            <Stack gap={4}>
              <Progress value={percent} aria-label={t('authors.uploading', { percent })} />
              <Text size="sm" role="status">
                {t('authors.uploading', { percent })}
              </Text>
            </Stack>
          )}
          {publish.error && <ErrorPanel error={publish.error} />}
          {publish.data && (
            <Alert
              color="teal"
              variant="light"
              role="status"
              title={t(publish.data.is_new ? 'authors.published' : 'authors.published_before', {
                name: publish.data.release.name,
                version: publish.data.release.version,
              })}
            >
              <Findings findings={publish.data.findings} />
            </Alert>
          )}
          <Group>
            <Button disabled={!file} loading={publish.isPending} onClick={() => publish.mutate()}>
              {t('authors.publish')}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </Section>
  );
}
