import { useMe } from '../api/queries.ts';
import { useText } from '../language/use-text.tsx';
import { Page } from '../parts/page.tsx';
import { AuthenticatorApp } from './account/authenticator-app.tsx';
import { Password } from './account/password.tsx';
import { Sessions } from './account/sessions.tsx';

/** The reader's own account: how they sign in, and where they are signed in. */
export default function Account() {
  const { t } = useText();
  const user = useMe().data?.user;
  return (
    <Page title={t('account.title')} lead={t('account.lead')}>
      <Password />
      {user && <AuthenticatorApp isOn={user.totp_active ?? false} />}
      <Sessions />
    </Page>
  );
}
