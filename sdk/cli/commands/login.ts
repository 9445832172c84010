import { text as readAll } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type Client, createClient, type Schemas } from '../../client/index.ts';
import { Failure } from '../../contract/failure.ts';
import { type Call, type Command, textOption } from '../command.ts';
import { type SignIn, writeSignIn } from '../home.ts';
import { hostUrl } from '../host.ts';

export const login: Command = {
  options: {
    url: { type: 'string' },
    token: { type: 'string' },
    email: { type: 'string' },
    'password-stdin': { type: 'boolean' },
  },
  async run(call) {
    const url = hostUrl(call);
    const signIn = await signInBy(call, url);
    await writeSignIn(url, signIn);
    return { result: { url, label: signIn.label }, text: `Signed in at ${url} as ${signIn.label}` };
  },
};

async function signInBy(call: Call, url: string): Promise<SignIn> {
  const client = createClient({ url });
  const token = textOption(call, 'token', process.env.PATCHBAY_TOKEN);
  if (token) return byToken(url, token);
  const email = textOption(call, 'email');
  if (email) {
    const password = call.options['password-stdin']
      ? (await readAll(process.stdin)).trim()
      : process.env.PATCHBAY_PASSWORD;
    if (!password)
      throw new Failure('malformed', { message: 'Give the password by --password-stdin or PATCHBAY_PASSWORD' });
    return kept(await client.call('POST /auth/login', { body: { email, password } }));
  }
  return byDevice(call, client);
}

/** A token is kept only when the host knows it. API keys cannot ask who they are; listing plugins shows that they work. */
async function byToken(url: string, token: string): Promise<SignIn> {
  const client = createClient({ url, token });
  if (token.startsWith('pb_live_')) {
    await client.call('GET /plugins', { query: { size: 1 } }).catch((error: unknown) => {
      if (Object(error).status !== 403) throw error;
    });
    return { token, label: `${token.slice(0, 14)}…` };
  }
  const { user } = await client.call('GET /auth/me');
  return { token, label: user.email };
}

/** The person types a code in a browser, anywhere; this side asks until it was done (RFC 8628). */
async function byDevice(call: Call, client: Client): Promise<SignIn> {
  const begun = await client.call('POST /auth/device', { body: { client_name: 'patchbay' } });
  call.tell(`Open ${begun.verification_uri} and enter ${begun.user_code}`);
  for (let waited = 0; waited < begun.expires_in; waited += begun.interval) {
    await wait(begun.interval * 1_000);
    const polled = await client.call('POST /auth/device/token', {
      body: { device_code: begun.device_code },
    });
    if (polled.status === 'approved' && polled.signed_in) return kept(polled.signed_in);
    if (polled.status === 'denied')
      throw new Failure('forbidden', { message: 'The sign-in was denied in the browser' });
  }
  throw new Failure('unauthenticated', { message: 'Nobody entered the code in time; run "patchbay login" again' });
}

function kept({ access_token, refresh_token, user }: Schemas['SignedIn']): SignIn {
  if (!access_token || !refresh_token) throw new Failure('unauthenticated', { message: 'The host gave no token' });
  return { token: access_token, refresh_token, label: user.email };
}
