import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ApiError } from './api/api-error.ts';
import { showWorkspace } from './api/chosen-workspace.ts';
import type { Tongue } from './language/texts.ts';
import { LanguageProvider } from './language/use-text.tsx';
import { navigate } from './navigation/navigate.ts';
import { Pages } from './pages.tsx';
import { readable, theme } from './theme.ts';

/** The page's style nonce. Libraries that insert styles by themselves ask for it under webpack's name. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

function onRefused(error: Error): void {
  if (!(error instanceof ApiError)) return;
  // What is not there may be so because one is no member of the workspace any more; the frame says that.
  if (error.status === 404) void client.refetchQueries({ queryKey: ['/auth/me'], type: 'active', stale: true });
  if (error.status !== 401 || location.pathname === '/login') return;
  showWorkspace(null);
  navigate(`/login?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`, { replace: true });
}

const client = new QueryClient({
  queryCache: new QueryCache({ onError: onRefused }),
  mutationCache: new MutationCache({ onError: onRefused }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays one; only what may pass is worth another try.
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});

export function App({ tongue }: { tongue: Tongue }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager()}
      getStyleNonce={() => nonce}
    >
      <LanguageProvider first={tongue}>
        <QueryClientProvider client={client}>
          <Pages />
        </QueryClientProvider>
      </LanguageProvider>
    </MantineProvider>
  );
}
