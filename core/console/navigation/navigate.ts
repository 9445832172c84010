import { useSyncExternalStore } from 'react';

const moved = 'patchbay:moved';

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener);
  addEventListener(moved, listener);
  return () => {
    removeEventListener('popstate', listener);
    removeEventListener(moved, listener);
  };
}

/** Where the reader is: path and query string. */
export function useLocation(): { path: string; query: URLSearchParams } {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  const url = new URL(address, location.origin);
  return { path: url.pathname, query: url.searchParams };
}

/** Goes to a page of the console. `replace` leaves no entry in the history: for what a reader types. */
export function navigate(address: string, options: { replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  dispatchEvent(new Event(moved));
  if (!options.replace) scrollTo(0, 0);
}

/** Waits until the page that was left is not shown any more, so that it asks for nothing that is gone. */
export function pageLeft(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Sets or removes values of the query string, staying on the page. */
export function setQuery(values: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(values))
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  navigate(url.pathname + url.search, { replace: true });
}
