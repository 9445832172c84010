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

/** What had the keyboard when the page was left, until the next one takes it. */
let left: Element | null = null;

function leave(): void {
  left = document.activeElement;
}
addEventListener('popstate', leave);

/** Whether a page that is drawn now should take the keyboard: it was gone to, and nobody is elsewhere by now. */
export function takesKeyboard(): boolean {
  const was = left;
  left = null;
  return was !== null && [document.body, was].includes(document.activeElement ?? document.body);
}

/** Goes to a page of the console. `replace` leaves no entry in the history: for what a reader types. */
export function navigate(address: string, options: { replace?: boolean } = {}): void {
  if (new URL(address, location.href).pathname !== location.pathname) leave();
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
