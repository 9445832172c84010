import type { ReactNode } from 'react';
import { type Role, roles } from '../api/people-types.ts';
import { useMe } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { Nothing } from './nothing.tsx';

/** Whether the reader's role in this workspace is at least so much. The host judges again; this only spares refusals. */
export function useIsAtLeast(least: Role): boolean {
  const role = useMe().data?.role;
  return role ? roles.indexOf(role) >= roles.indexOf(least) : false;
}

/** What only admins of a workspace see; others are told so, and ask for nothing that would be refused. */
export function ForAdmins({ children }: { children: ReactNode }) {
  const { t } = useText();
  if (useIsAtLeast('admin')) return children;
  return <Nothing title={t('members.admins_only')} hint={t('members.admins_only_hint')} />;
}
