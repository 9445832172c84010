import { Group, NumberInput, Switch, Text } from '@mantine/core';
import { useText } from '../../language/use-text.tsx';

export interface Trial {
  percent: number;
  minutes: number;
}

/** Whether to let a share of the projects try the release first. */
export function TrialChoice({ trial, onChange }: { trial: Trial | null; onChange(trial: Trial | null): void }) {
  const { t } = useText();
  const numberOr = (value: number | string, other: number) => (typeof value === 'number' ? value : other);
  return (
    <div>
      <Switch
        label={t('upgrade.trial')}
        description={t('upgrade.trial_hint')}
        checked={trial !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? { percent: 10, minutes: 60 } : null)}
      />
      {trial && (
        <Group mt="sm" align="flex-end">
          <NumberInput
            label={t('upgrade.percent')}
            min={1}
            max={100}
            value={trial.percent}
            onChange={(value) => onChange({ ...trial, percent: numberOr(value, trial.percent) })}
          />
          <NumberInput
            label={t('upgrade.minutes')}
            min={1}
            max={10_080}
            value={trial.minutes}
            onChange={(value) => onChange({ ...trial, minutes: numberOr(value, trial.minutes) })}
          />
          <Text size="sm" c="dimmed">
            {t('upgrade.trial_ends')}
          </Text>
        </Group>
      )}
    </div>
  );
}
