import { useText } from '../language/use-text.tsx';
import { Link } from '../navigation/link.tsx';
import { Nothing } from '../parts/nothing.tsx';
import { Page } from '../parts/page.tsx';

export default function NotFound() {
  const { t } = useText();
  return (
    <Page title={t('not_found.title')}>
      <Nothing title={t('not_found.text')}>
        <Link to="/marketplace">{t('nav.marketplace')}</Link>
      </Nothing>
    </Page>
  );
}
