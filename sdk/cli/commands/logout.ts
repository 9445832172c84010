import { createClient } from '../../client/index.ts';
import type { Command } from '../command.ts';
import { readSignIns, writeSignIn } from '../home.ts';
import { hostUrl } from '../host.ts';

export const logout: Command = {
  options: { url: { type: 'string' } },
  async run(call) {
    const url = hostUrl(call);
    const known = (await readSignIns())[url];
    await writeSignIn(url, undefined);
    if (!known) return { result: { url, ended: false }, text: `Nobody was signed in at ${url}` };
    // The file is gone either way; a host that cannot be reached lets its session run out.
    const ended = known.refresh_token
      ? await createClient({ url, token: known.token })
          .call('POST /auth/logout', { body: { refresh_token: known.refresh_token } })
          .then(
            () => true,
            () => false,
          )
      : false;
    return {
      result: { url, ended },
      text: `Signed out at ${url}${ended ? '' : '; the token itself was not ended there'}`,
    };
  },
};
