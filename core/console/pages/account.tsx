import { useMe } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { Page } from '../parts/page.tsx';
import { AuthenticatorApp } from './account/authenticator-app.tsx';
import { Password } from './account/password.tsx';
import { Sessions } from './account/sessions.tsx';
import { Workspaces } from './account/workspaces.tsx';

/** The reader's own account: how they sign in, where they are signed in, and their workspaces. */
export default function Account() {
  const { t } = useText();
  const me = useMe().data;
  const user = me?.user;
  return (
    <Page title={t('account.title')} lead={t('account.lead')}>
      <Password />
      {user && <AuthenticatorApp isOn={user.totp_active ?? false} />}
      <Sessions />
      {me && <Workspaces me={me} />}
    </Page>
  );
}
