import { Alert } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../language/use-text.tsx';
import { useLocation } from '../navigation/navigate.ts';
import { handBack } from './sign-in-window.ts';
import { Waiting } from './waiting.tsx';

/**
 * Around the pages that a vendor's sign-in comes back to. In a window that was opened for it, the page that opened it goes
 * on, and this one is done; else it is a page like any other.
 */
export function CameBack({ children }: { children: ReactNode }) {
  const { t } = useText();
  const { query } = useLocation();
  const isReturn = query.has('status') && (query.has('integration_id') || query.has('error'));
  const [state, setState] = useState<'asking' | 'taken' | 'own'>(isReturn ? 'asking' : 'own');
  useEffect(() => {
    if (state !== 'asking') return;
    let isGone = false;
    void handBack(query).then((isTaken) => {
      if (isGone) return;
      setState(isTaken ? 'taken' : 'own');
      if (isTaken) window.close();
    });
    return () => {
      isGone = true;
    };
  }, [state, query]);
  if (state === 'asking') return <Waiting />;
  if (state === 'taken')
    return (
      <Alert color="teal" variant="light" role="status" title={t('integrations.came_back')}>
        {t('integrations.came_back_hint')}
      </Alert>
    );
  return children;
}
