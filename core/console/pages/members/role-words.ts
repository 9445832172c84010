import type { Role } from '../../api/people-types.ts';
import { useText } from '../../language/use-text.tsx';

/** What each role may, in words; each may what the ones before it may. */
export function useRoleWords(): Record<Role, string> {
  const { t } = useText();
  return {
    viewer: t('members.role_viewer'),
    developer: t('members.role_developer'),
    admin: t('members.role_admin'),
    owner: t('members.role_owner'),
  };
}
