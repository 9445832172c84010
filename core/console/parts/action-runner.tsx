import { Alert, Code, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { request } from '../api/request.ts';
import type { Action, ActionGoesOn, ActionResult } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';

/**
 * Runs an action from a form made of its input schema and shows the answer.
 *
 * @param path where the actions are: `/plugins/{id}` or `/integrations/{id}`
 */
export function ActionRunner({ actions, path }: { actions: Record<string, Action>; path: string }) {
  const { t, own } = useText();
  const names = Object.keys(actions);
  const [chosen, setChosen] = useState(names[0] ?? '');
  const run = useMutation({
    mutationFn: (input: Record<string, unknown>) =>
      request<ActionResult | ActionGoesOn>('POST', `${path}/actions/${encodeURIComponent(chosen)}`, {
        body: { input },
      }),
  });
  const action = actions[chosen];
  if (!action) return <Text c="dimmed">{t('action.none')}</Text>;
  return (
    <Stack gap="md">
      <NativeSelect
        label={t('action.which')}
        description={own(action.description) || undefined}
        value={chosen}
        data={names.map((name) => ({ value: name, label: own(actions[name]?.title) || name }))}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          run.reset();
        }}
      />
      <SchemaForm
        key={chosen}
        schema={action.input ?? {}}
        at="/input"
        submit={t('action.run')}
        busy={run.isPending}
        error={run.error}
        onSubmit={(input) => run.mutate(input)}
      />
      {run.data && (
        <Alert color="teal" variant="light" title={t('action.answer')} role="status">
          <Stack gap="xs">
            {'status' in run.data ? (
              <Link to={`/invocations/${run.data.invocation_id}`}>
                {t('action.goes_on', { id: run.data.invocation_id })}
              </Link>
            ) : (
              <>
                <Code block tabIndex={0}>
                  {JSON.stringify(run.data.output, null, 2)}
                </Code>
                <Text size="xs" c="dimmed">
                  {t('action.took', { ms: Math.round(run.data.duration_ms), id: run.data.invocation_id })}
                </Text>
              </>
            )}
          </Stack>
        </Alert>
      )}
    </Stack>
  );
}
