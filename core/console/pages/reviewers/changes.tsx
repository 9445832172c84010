import { Button, Code, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReleaseDiff } from '../../api/registry-types.ts';
import { useText } from '../../language/use-text.tsx';
import { Section } from '../../parts/section.tsx';

type File = ReleaseDiff['files'][number];
const signs = { same: ' ', added: '+', removed: '−' } as const;

/** Each file of a release that differs, with its changed lines. */
export function Changes({ diff }: { diff: ReleaseDiff }) {
  const { t } = useText();
  const title = diff.from === null ? t('reviewers.changes_first') : t('reviewers.changes', { version: diff.from });
  return (
    <Section title={title}>
      {diff.files.length === 0 && <Text size="sm">{t('reviewers.changes_none')}</Text>}
      {diff.files.map((file) => (
        <ChangedFile key={file.path} file={file} />
      ))}
    </Section>
  );
}

function ChangedFile({ file }: { file: File }) {
  const { t } = useText();
  const [open, setOpen] = useState(file.lines.length <= 200);
  const { path, added, removed } = file;
  return (
    <Paper withBorder p="sm" component="article">
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          {t('reviewers.file', { path, added, removed })}
        </Text>
        {file.lines.length > 0 && (
          <Button
            size="xs"
            variant="default"
            aria-expanded={open}
            aria-label={`${t(open ? 'reviewers.hide' : 'reviewers.show')} ${path}`}
            onClick={() => setOpen(!open)}
          >
            {t(open ? 'reviewers.hide' : 'reviewers.show')}
          </Button>
        )}
      </Group>
      {open && file.lines.length > 0 && (
        <Code block className="diff" tabIndex={0} role="region" aria-label={path}>
          {/* Lines never move: their place is what they are. */}
          {file.lines.map((line, place) => {
            const key = `${place}`;
            if (line === null)
              return (
                <span key={key} className="diff-gap" title={t('reviewers.left_out')}>
                  …{'\n'}
                </span>
              );
            return (
              <span key={key} className={`diff-${line.kind}`}>
                {signs[line.kind]} {line.text}
                {'\n'}
              </span>
            );
          })}
        </Code>
      )}
    </Paper>
  );
}
