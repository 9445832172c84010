import { Badge, Group } from '@mantine/core';
import type { Plugin } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';

/** Whether a reviewer vouches for it. */
export function Verified({ is }: { is: boolean }) {
  const { t } = useText();
  return is ? (
    <Badge color="teal" variant="light">
      {t('plugin.verified')}
    </Badge>
  ) : (
    <Badge color="gray" variant="light">
      {t('plugin.unverified')}
    </Badge>
  );
}

const colours: Record<string, string> = {
  ...{ ok: 'teal', active: 'teal', succeeded: 'teal', connected: 'teal', up: 'teal', published: 'teal' },
  ...{ disabled: 'gray', inactive: 'gray', pending_setup: 'yellow', submitted: 'yellow', starting: 'yellow' },
  ...{
    error: 'red',
    failed: 'red',
    suspect: 'orange',
    blocked: 'red',
    tampered: 'red',
    yanked: 'red',
    rejected: 'red',
    timed_out: 'red',
    disconnected: 'red',
    down: 'red',
  },
};

/** A state in its own colour; the word says it too, for who sees no colours. */
export function State({ of: state }: { of: string }) {
  return (
    <Badge color={colours[state] ?? 'blue'} variant="light">
      {state.replaceAll('_', ' ')}
    </Badge>
  );
}

/** How much speaks against a plugin, 0 to 100. */
export function Risk({ score }: { score: number }) {
  const { t } = useText();
  const colour = score < 25 ? 'teal' : score < 60 ? 'yellow' : 'red';
  return (
    <Badge color={colour} variant="light" tt="none">
      {t('plugin.risk', { score })}
    </Badge>
  );
}

/** What there is to say about an installed plugin at a glance. */
export function PluginBadges({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  return (
    <Group gap={6}>
      <Badge color={plugin.is_enabled ? 'teal' : 'gray'} variant={plugin.is_enabled ? 'filled' : 'light'}>
        {plugin.is_enabled ? t('plugin.enabled') : t('plugin.disabled')}
      </Badge>
      <Verified is={plugin.is_verified} />
      {plugin.status !== 'ok' && plugin.status !== 'disabled' && <State of={plugin.status} />}
    </Group>
  );
}
