import { type Command, textOption, UsageError } from '../command.ts';
import { signedInClient } from '../host.ts';
import { releaseName } from '../plugin-source.ts';

export const yank: Command = {
  options: { reason: { type: 'string' }, url: { type: 'string' } },
  async run(call) {
    const { name, version } = releaseName(call.words[0]);
    const reason = textOption(call, 'reason');
    if (!reason) throw new UsageError('Say why: --reason "…"');
    const client = await signedInClient(call);
    await client.call('POST /registry/plugins/{name}/versions/{version}/yank', {
      params: { name, version },
      body: { reason },
    });
    return {
      result: { name, version, reason },
      text: `${name}@${version} is withdrawn: no new install takes it, and those that have it keep it`,
    };
  },
};
