const name = 'pb_workspace';

/** The workspace that was chosen in this browser; null: the reader's first. */
export function chosenWorkspace(): string | null {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found?.slice(name.length + 1) || null;
}

/** What this page was drawn for. A choice in another window is seen when somebody comes back to this one. */
let drawnFor = chosenWorkspace();
addEventListener('focus', () => {
  if (chosenWorkspace() !== drawnFor) location.reload();
});

/**
 * Keeps the choice in a cookie, which downloads and live streams carry as well. It gives no right: the host asks for a
 * membership.
 *
 * @param id null: the reader's first workspace
 */
export function chooseWorkspace(id: string | null): void {
  const safe = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing where a host is called by plain HTTP.
  document.cookie = `${name}=${id ?? ''}; Path=/; SameSite=Strict; Max-Age=${id ? 31_536_000 : 0}${safe}`;
  drawnFor = id;
}
