import { ApiError, type Client, createClient } from '../client/index.ts';
import { Failure } from '../contract/failure.ts';
import { type Call, textOption } from './command.ts';
import { readSignIns, writeSignIn } from './home.ts';

/** The host that a command means: `--url`, `PATCHBAY_URL`, or the local one. */
export function hostUrl(call: Call): string {
  const url = textOption(call, 'url', process.env.PATCHBAY_URL) ?? 'http://localhost:8093';
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    throw new Failure('malformed', {
      message: `"${url}" is no address of a host; write it as in http://localhost:8093`,
    });
  }
  return url.replace(/\/+$/, '');
}

/** A client that is signed in: by `PATCHBAY_TOKEN`, or by an earlier `login`, whose token it renews when it has expired. */
export async function signedInClient(call: Call): Promise<Client> {
  const url = hostUrl(call);
  const known = process.env.PATCHBAY_TOKEN
    ? { token: process.env.PATCHBAY_TOKEN, label: 'PATCHBAY_TOKEN' }
    : (await readSignIns())[url];
  if (!known) {
    throw new Failure('unauthenticated', { message: `Not signed in at ${url}; run "patchbay login --url ${url}"` });
  }
  let { token } = known;
  const client = createClient({ url, token: () => token });
  const renewing = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || !('refresh_token' in known) || !known.refresh_token)
        throw error;
      token = await renew(url, known.refresh_token, known.label);
      return send();
    }
  };
  return {
    call: (operation, ...input) => renewing(() => client.call(operation, ...input)),
    request: (method, path, options) => renewing(() => client.request(method, path, options)),
    download: (path, options) => renewing(() => client.download(path, options)),
    stream: (path, options) => renewing(() => client.stream(path, options)),
  };
}

/** A refresh token is good once: the new pair is kept before the first use. */
async function renew(url: string, refresh_token: string, label: string): Promise<string> {
  const tokens = await createClient({ url })
    .call('POST /auth/refresh', { body: { refresh_token } })
    .catch((cause: unknown) => {
      const message = `The sign-in at ${url} has ended; run "patchbay login --url ${url}"`;
      throw new Failure('unauthenticated', { message, cause });
    });
  const { access_token: token, refresh_token: next } = tokens;
  if (!token || !next) throw new Failure('unauthenticated', { message: `${url} gave no new token; sign in again` });
  await writeSignIn(url, { token, refresh_token: next, label });
  return token;
}
