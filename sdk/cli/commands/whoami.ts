import { ApiError } from '../../client/index.ts';
import type { Command } from '../command.ts';
import { readSignIns } from '../home.ts';
import { hostUrl, signedInClient } from '../host.ts';

export const whoami: Command = {
  options: { url: { type: 'string' } },
  async run(call) {
    const url = hostUrl(call);
    const client = await signedInClient(call);
    try {
      const me = await client.call('GET /auth/me');
      const places = me.workspaces.map(({ name }) => name).join(', ');
      return {
        result: { url, email: me.user.email, role: me.role, workspaces: me.workspaces },
        text: `${me.user.email} at ${url}${me.role ? `, ${me.role}` : ''}${places ? ` (${places})` : ''}`,
      };
    } catch (error) {
      // An API key is nobody's account: the host knows it, and answers 403 here.
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      const label = (await readSignIns())[url]?.label ?? 'an API key';
      return { result: { url, email: null, label }, text: `${label} (an API key) at ${url}` };
    }
  },
};
