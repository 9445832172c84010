import { Center, Loader } from '@mantine/core';
import { useText } from '../language/use-text.tsx';

/** Shown until a page, or what it needs, is there. */
export function Waiting() {
  const { t } = useText();
  return (
    <Center py="xl" role="status" aria-label={t('state.loading')}>
      <Loader type="dots" />
    </Center>
  );
}
