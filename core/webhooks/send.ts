import { egress } from '../egress/egress.ts';
import { EgressError } from '../egress/egress-error.ts';
import { databaseTime } from '../jobs/clock.ts';
import { openHeaders } from './custom-headers.ts';
import type { Attempt, WebhookRow } from './model.ts';
import { readRetryAfter } from './retry-waits.ts';
import { signDelivery } from './sign-delivery.ts';
import { openSecrets } from './signing-keys.ts';

/** How much of an answer is read; the rest is left on the wire. */
const most_read = 65_536;
const head_length = 1000;
/** What an attempt keeps of an answer's headers. */
const [most_headers, header_length] = [30, 300];

export interface Sent {
  ok: boolean;
  attempt: Attempt;
  retry_after_s: number | null;
  /** true when no try can ever succeed as things are: the address is forbidden or no address */
  hopeless: boolean;
}

/**
 * Makes one attempt: signs the bytes, sends them by the guarded way out (the address is judged anew each time), and
 * tells how it went. Only 2xx is success; a redirect is not followed.
 *
 * @param signal aborted when the job is no longer ours
 */
export async function send(
  webhook: WebhookRow,
  message: { id: string; body: Buffer },
  signal?: AbortSignal,
): Promise<Sent> {
  const now = await databaseTime();
  const at = new Date(now);
  const started = performance.now();
  const attempt = (more: Partial<Attempt>): Attempt => ({
    at,
    status_code: null,
    duration_ms: Math.round(performance.now() - started),
    response_headers: null,
    response_head: null,
    error: null,
    address: null,
    timings: null,
    ...more,
  });
  try {
    const keys = openSecrets(webhook, now);
    const timestamp = Math.floor(now / 1000);
    const answer = await egress({
      url: webhook.url,
      method: 'POST',
      headers: {
        ...openHeaders(webhook),
        'content-type': 'application/json',
        'user-agent': 'Patchbay-Webhooks/1.0',
        ...signDelivery({ id: message.id, timestamp, body: message.body }, keys),
      },
      body: message.body,
      timeout_ms: webhook.timeout_seconds * 1000,
      max_bytes: most_read,
      overflow: 'cut',
      ...(signal && { signal }),
    });
    const ok = answer.status >= 200 && answer.status < 300;
    return {
      ok,
      attempt: attempt({
        status_code: answer.status,
        response_headers: headersOf(answer.headers),
        response_head: headOf(answer.body),
        error: ok ? null : refusalOf(answer.status, answer.headers.location),
        address: answer.address,
        timings: answer.timings,
      }),
      retry_after_s: readRetryAfter(answer.headers['retry-after'], now),
      hopeless: false,
    };
  } catch (error) {
    if (!(error instanceof EgressError) || error.code === 'cancelled') throw error;
    return {
      ok: false,
      attempt: attempt({ error: `${error.code}: ${error.message}`.slice(0, 500), address: error.address }),
      retry_after_s: null,
      hopeless: error.code === 'bad_url',
    };
  }
}

function refusalOf(status: number, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    const to = location ? ` to ${JSON.stringify(location.slice(0, 200))}` : '';
    return `The receiver redirects${to}; redirects are not followed: change the webhook's url`;
  }
  return `The receiver answered ${status}`;
}

/** What is kept of an answer's headers; a name that could mean something else in a document is left out. */
function headersOf(headers: Record<string, string>): Record<string, string> {
  const kept = Object.entries(headers)
    .filter(([name]) => /^[a-z0-9-]+$/.test(name))
    .slice(0, most_headers);
  return Object.fromEntries(kept.map(([name, value]) => [name, value.slice(0, header_length)]));
}

/** The start of a body as text; bytes that are none are shown as replacement characters. */
function headOf(body: Buffer): string {
  return body
    .subarray(0, head_length * 4)
    .toString('utf8')
    .slice(0, head_length)
    .replaceAll('\0', '\uFFFD');
}
