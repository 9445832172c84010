import { Image, Modal, SimpleGrid, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Package } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';

/** The pictures of the shown release. The host serves them, so that nothing is loaded from elsewhere. */
export function Screenshots({ found }: { found: Package }) {
  const { t } = useText();
  const [shown, setShown] = useState<string | null>(null);
  const { screenshots, name, version } = found;
  if (screenshots.length === 0 || !version) return null;
  const address = (path: string) =>
    `/api/v1/registry/plugins/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}/${path}`;
  const title = (path: string) => t('plugin.screenshot', { number: screenshots.indexOf(path) + 1 });
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {screenshots.map((path) => (
          <UnstyledButton key={path} aria-label={title(path)} onClick={() => setShown(path)}>
            <Image src={address(path)} alt="" radius="md" h={160} fit="cover" loading="lazy" />
          </UnstyledButton>
        ))}
      </SimpleGrid>
      <Modal
        opened={shown !== null}
        onClose={() => setShown(null)}
        size="xl"
        title={shown && title(shown)}
        closeButtonProps={{ 'aria-label': t('form.close') }}
      >
        {shown && <Image src={address(shown)} alt={title(shown)} fit="contain" />}
      </Modal>
    </>
  );
}
