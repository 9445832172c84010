import { Anchor, Group, Text } from '@mantine/core';
import type { Package } from '../../api/types.ts';
import type { TextName } from '../../language/en.ts';
import { useText } from '../../language/use-text.tsx';
import { safeLink } from '../../markdown/parse-markdown.ts';

const places: [keyof Package & `${string}_url`, TextName][] = [
  ['repository_url', 'plugin.repository'],
  ['documentation_url', 'plugin.documentation'],
  ['support_url', 'plugin.support'],
  ['privacy_url', 'plugin.privacy'],
];

/** Where the author says more; an address that is no web address is no link. */
export function Links({ found }: { found: Package }) {
  const { t } = useText();
  return (
    <Group gap="md">
      {places.map(([name, label]) => {
        const address = safeLink(found[name] ?? '');
        return address ? (
          <Anchor key={name} size="sm" href={address} target="_blank" rel="noopener noreferrer nofollow">
            {t(label)}
          </Anchor>
        ) : null;
      })}
      {found.license && (
        <Text size="sm" c="dimmed">
          {t('plugin.license', { name: found.license })}
        </Text>
      )}
      {found.author && (
        <Text size="sm" c="dimmed">
          {t('plugin.author', { name: found.author })}
        </Text>
      )}
    </Group>
  );
}
