import { Badge, Group } from '@mantine/core';
import type { Plugin } from '../api/types.ts';
import type { TextName } from '../language/en.ts';
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

/** Its publisher advises against it. */
export function Deprecated() {
  const { t } = useText();
  return (
    <Badge color="orange" variant="light">
      {t('plugin.deprecated')}
    </Badge>
  );
}

const states: Record<string, [colour: string, name: TextName]> = {
  active: ['teal', 'state.active'],
  blocked: ['red', 'state.blocked'],
  cancelled: ['gray', 'state.cancelled'],
  connected: ['teal', 'state.connected'],
  dead: ['red', 'state.dead'],
  disabled: ['gray', 'state.disabled'],
  disconnected: ['red', 'state.disconnected'],
  down: ['red', 'state.down'],
  error: ['red', 'state.error'],
  expired: ['gray', 'state.expired'],
  failed: ['red', 'state.failed'],
  inactive: ['gray', 'state.inactive'],
  ok: ['teal', 'state.ok'],
  partial: ['yellow', 'state.partial'],
  pending: ['blue', 'state.pending'],
  pending_setup: ['yellow', 'state.pending_setup'],
  published: ['teal', 'state.published'],
  queued: ['blue', 'state.queued'],
  rejected: ['red', 'state.rejected'],
  revoked: ['red', 'state.revoked'],
  running: ['blue', 'state.running'],
  starting: ['yellow', 'state.starting'],
  submitted: ['yellow', 'state.submitted'],
  succeeded: ['teal', 'state.succeeded'],
  suspect: ['orange', 'state.suspect'],
  tampered: ['red', 'state.tampered'],
  timed_out: ['red', 'state.timed_out'],
  up: ['teal', 'state.up'],
  yanked: ['red', 'state.yanked'],
};

/** A state in its own colour; the word says it too, for who sees no colours. */
export function State({ of: state }: { of: string }) {
  const { t } = useText();
  const known = states[state];
  return (
    // In a narrow table the word is more than the room that the others leave it.
    <Badge color={known?.[0] ?? 'blue'} variant="light" miw="max-content">
      {known ? t(known[1]) : state.replaceAll('_', ' ')}
    </Badge>
  );
}

/** How much speaks against a plugin, 0 to 100. */
export function Risk({ score }: { score: number }) {
  const { t } = useText();
  const colour = score < 25 ? 'teal' : score < 60 ? 'yellow' : 'red';
  return (
    <Badge color={colour} variant="light">
      {t('plugin.risk', { score })}
    </Badge>
  );
}

/** Whether nobody can install this very release any more. */
export function isWithdrawn({ release_state }: Plugin): boolean {
  return release_state === 'yanked' || release_state === 'rejected';
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
      {plugin.deprecated && <Deprecated />}
      {isWithdrawn(plugin) && <State of={plugin.release_state ?? ''} />}
      {plugin.status !== 'ok' && plugin.status !== 'disabled' && <State of={plugin.status} />}
    </Group>
  );
}
