import { type Command, textOption, UsageError } from '../command.ts';
import { signedInClient } from '../host.ts';
import { releaseName } from '../plugin-source.ts';

export const deprecate: Command = {
  options: { reason: { type: 'string' }, url: { type: 'string' } },
  async run(call) {
    const { name, version } = releaseName(call.words[0]);
    const reason = textOption(call, 'reason');
    if (!reason) throw new UsageError('Say why: --reason "…"');
    const client = await signedInClient(call);
    await client.call('POST /registry/plugins/{name}/versions/{version}/deprecate', {
      params: { name, version },
      body: { reason },
    });
    return {
      result: { name, version, reason },
      text: `${name}@${version} is deprecated: whoever has it sees the reason`,
    };
  },
};
