/** As the session's cookie: under HTTPS no other host of the domain can set it. */
const name = location.protocol === 'https:' ? '__Host-pb_workspace' : 'pb_workspace';

/** The workspace that was chosen last in this browser; null: the reader's first. */
export function chosenWorkspace(): string | null {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1) || null;
}

/** What this window shows. Every request names it, so that what is seen here is what is changed. */
let shown: string | null = null;
export const shownWorkspace = (): string | null => shown;

/** The host answered for this workspace: the window shows it from now on. Null: whatever the next answer is for. */
export function showWorkspace(id: string | null): void {
  shown = id;
}

// Downloads and live streams can name no workspace: for them the cookie says it, and follows the window that is looked at.
addEventListener('focus', () => {
  const chosen = chosenWorkspace();
  if (chosen !== null && shown !== null && chosen !== shown) keep(shown);
});

/**
 * Keeps the choice in a cookie, for the windows that are opened next. It gives no right: the host asks for a membership.
 *
 * @param id null: the reader's first workspace
 */
export function chooseWorkspace(id: string | null): void {
  keep(id);
  shown = id;
}

function keep(id: string | null): void {
  const safe = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where a host is called by plain HTTP.
  document.cookie = `${name}=${id ?? ''}; Path=/; SameSite=Strict; Max-Age=${id ? 31_536_000 : 0}${safe}`;
}
