import { request } from '../api/request.ts';
import { safeLink } from '../markdown/parse-markdown.ts';
import { navigate } from '../navigation/navigate.ts';

/**
 * The vendor's sign-in runs in a window of its own. Our pages forbid other sites any handle on them
 * (Cross-Origin-Opener-Policy), so the window that comes back cannot speak to its opener; a channel of our origin can.
 */
const channelName = 'patchbay-sign-in';
const answerMs = 400;

interface Back {
  integration_id: string | null;
  error: string | null;
}

/**
 * Sends a window of its own to the vendor's sign-in, and this page to the integration once that is done. Where the browser
 * opens no window, this page itself goes to the vendor.
 *
 * @param path `/integrations/oauth/initiate` for a new one, `/integrations/{id}/oauth/initiate` to connect one anew
 * @returns once somebody came back; `error` is what the vendor or the host said
 */
export async function signInAtVendor(path: string, body: object): Promise<Back> {
  // Opened at once: after an answer was awaited, the browser would take it for an advertisement.
  const opened = window.open('about:blank', '_blank', 'popup,width=560,height=720');
  try {
    const { authorization_url } = await request<{ authorization_url: string }>('POST', path, { body });
    const address = safeLink(authorization_url);
    if (!address) throw new Error(authorization_url);
    if (!opened) {
      location.assign(address);
      return await new Promise<Back>(() => {});
    }
    const back = nextBack();
    opened.location.href = address;
    return await back;
  } catch (error) {
    opened?.close();
    throw error;
  }
}

function nextBack(): Promise<Back> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = ({ data }: MessageEvent<{ back?: Back }>) => {
      if (!data.back) return;
      channel.postMessage({ taken: true });
      channel.close();
      resolve(data.back);
    };
  });
}

/**
 * On the page that a sign-in comes back to: hands the news to the page that waits for it.
 *
 * @returns whether one was waiting; then this window is done
 */
export function handBack(query: URLSearchParams): Promise<boolean> {
  const status = query.get('status');
  if (status !== 'connected' && status !== 'error') return Promise.resolve(false);
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(channelName);
    const end = (isTaken: boolean) => {
      channel.close();
      resolve(isTaken);
    };
    const timer = setTimeout(() => end(false), answerMs);
    channel.onmessage = ({ data }: MessageEvent<{ taken?: boolean }>) => {
      if (!data.taken) return;
      clearTimeout(timer);
      end(true);
    };
    const back: Back = { integration_id: query.get('integration_id'), error: query.get('error') };
    channel.postMessage({ back });
  });
}

/** Goes where a finished sign-in leads: to the integration, or to the list with what was said. */
export function followBack({ integration_id, error }: Back): void {
  const said = error ? `?error=${encodeURIComponent(error)}` : '';
  navigate(integration_id ? `/integrations/${encodeURIComponent(integration_id)}${said}` : `/integrations${said}`);
}
