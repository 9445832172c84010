import { checkPackage } from '../../check/check-package.ts';
import { Failure } from '../../contract/failure.ts';
import type { Command } from '../command.ts';
import { hostUrl, signedInClient } from '../host.ts';
import { readPlugin, signedByPublisher } from '../plugin-source.ts';

interface Published {
  release: { name: string; version: string; state?: string; integrity?: string };
  is_new: boolean;
}

export const publish: Command = {
  options: { key: { type: 'string' }, url: { type: 'string' } },
  async run(call) {
    const client = await signedInClient(call);
    const plugin = await signedByPublisher(await readPlugin(call));
    const { name, version } = plugin.manifest;
    call.tell(`packed ${name}@${version}, ${plugin.bytes.length} bytes`);
    const errors = checkPackage(plugin).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      const message = `${name}@${version} would be refused; "patchbay check" says more`;
      throw new Failure('validation_failed', { message, content: { errors } });
    }
    call.tell(`sending it to ${hostUrl(call)}`);
    const { release, is_new } = await client.request<Published>('POST', '/registry/plugins', {
      bytes: new Uint8Array(plugin.bytes),
      type: 'application/gzip',
    });
    const state = release.state ?? 'published';
    return {
      result: { name, version, digest: plugin.digest, state, is_new },
      text: is_new ? `${name}@${version} is ${state}` : `${name}@${version} was ${state} before, with the same digest`,
    };
  },
};
