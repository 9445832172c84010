import { Checkbox, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../../api/request.ts';
import type { Plugin } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { navigate, pageLeft } from '../../navigation/navigate.ts';
import { Confirm } from '../../parts/confirm.tsx';

/** Takes a plugin away. The host refuses while integrations use it, unless that is wanted. */
export function Uninstall({ plugin }: { plugin: Plugin }) {
  const { t } = useText();
  const client = useQueryClient();
  const [keep, setKeep] = useState(false);
  const [force, setForce] = useState(false);
  const remove = useMutation({
    mutationFn: () =>
      request('DELETE', `/plugins/${plugin.id}`, {
        query: { keep: keep ? 'records,configuration' : undefined, force: force ? true : undefined },
      }),
    onSuccess: async () => {
      navigate('/plugins');
      await pageLeft();
      client.removeQueries({ queryKey: [`/plugins/${plugin.id}`] });
      return client.invalidateQueries();
    },
  });
  return (
    <Stack align="flex-start">
      <Text>{t('uninstall.text')}</Text>
      <Checkbox label={t('uninstall.keep')} checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
      <Checkbox
        label={t('uninstall.force')}
        checked={force}
        onChange={(event) => setForce(event.currentTarget.checked)}
      />
      <Confirm
        label={t('plugin.uninstall')}
        title={t('uninstall.title', { name: plugin.display_name })}
        text={t('uninstall.confirm')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      />
    </Stack>
  );
}
