import { request } from '../api/request.ts';
import { safeLink } from '../markdown/parse-markdown.ts';

/**
 * Sends the browser to the vendor's sign-in; it comes back to the integration's page.
 *
 * @param path `/integrations/oauth/initiate` for a new one, `/integrations/{id}/oauth/initiate` to connect one anew
 */
export async function goToVendor(path: string, body: object): Promise<void> {
  const { authorization_url } = await request<{ authorization_url: string }>('POST', path, { body });
  const address = safeLink(authorization_url);
  if (!address) throw new Error(authorization_url);
  location.assign(address);
}
