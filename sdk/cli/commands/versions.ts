import { createClient } from '../../client/index.ts';
import type { Command } from '../command.ts';
import { hostUrl } from '../host.ts';
import { readPlugin } from '../plugin-source.ts';

export const versions: Command = {
  options: { url: { type: 'string' } },
  async run(call) {
    const name = call.words[0]?.startsWith('@') ? call.words[0] : (await readPlugin(call)).manifest.name;
    const client = createClient({ url: hostUrl(call) });
    const listed = await client.call('GET /registry/plugins/{name}', { params: { name } });
    const lines = listed.versions.map(
      ({ version, state = '', published_at = '' }) => `${version.padEnd(16)} ${state.padEnd(10)} ${published_at}`,
    );
    return { result: { name, versions: listed.versions }, text: [name, ...lines].join('\n') };
  },
};
