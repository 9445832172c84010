import { watch } from 'node:fs';
import { resolve } from 'node:path';
import { ApiError, type Client } from '../../client/index.ts';
import { Failure } from '../../contract/failure.ts';
import { type Packed, pack } from '../../package/index.ts';
import type { Call, Command, Outcome } from '../command.ts';
import { describeError } from '../describe-error.ts';
import { hostUrl, signedInClient } from '../host.ts';
import { findInstalled, type Installed, mustBeInstalled } from '../installed.ts';
import { type Seen, watchCalls } from '../watch-calls.ts';

export const dev: Command = {
  options: {
    url: { type: 'string' },
    replace: { type: 'boolean' },
    once: { type: 'boolean' },
    remove: { type: 'boolean' },
  },
  async run(call) {
    const folder = resolve(call.folder, call.words[0] ?? '.');
    const client = await signedInClient(call);
    if (call.options.remove === true) return remove(client, folder, call);
    const isOnce = call.options.once === true;
    let loaded: Installed | undefined;
    const seen: Seen = { id: undefined, declared: [] };
    const load = async () => {
      const started = performance.now();
      const packed = await pack(folder);
      loaded = await sideload(client, packed, loaded ?? (await mayBeReplaced(client, packed, call)));
      seen.id = loaded.id;
      seen.declared = (packed.manifest.permissions ?? []).map(({ name }) => name);
      const { name, version } = packed.manifest;
      const ms = Math.round(performance.now() - started);
      const text = `${name}@${version} is loaded at ${hostUrl(call)} (${ms} ms)`;
      if (isOnce) call.tell(text);
      else call.show(text, { event: 'loaded', id: loaded.id, name, version, ms });
    };
    if (isOnce) {
      await load();
      return { result: { folder, id: loaded?.id }, text: '' };
    }
    await tried(load, call);
    await untilEnded(folder, () => tried(load, call), call, client, seen);
    return { result: { folder, id: loaded?.id }, text: '' };
  },
};

/** Takes the development copy away; its settings and records stay for whatever is installed next. */
async function remove(client: Client, folder: string, call: Call): Promise<Outcome> {
  const { manifest } = await pack(folder);
  const { id, name } = await mustBeInstalled(client, manifest.name);
  await client.call('DELETE /plugins/{id}', { params: { id }, query: { keep: 'configuration' } });
  return { result: { id, name }, text: `${name} is removed from ${hostUrl(call)}; its settings are kept` };
}

/** A mistake in the code is told, and the next save tries again; a host that refuses everything ends the command. */
async function tried(load: () => Promise<void>, call: Call): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (error instanceof ApiError && [401, 403].includes(error.status)) throw error;
    if (error instanceof Failure && error.name === 'install_conflict') throw error;
    if (error instanceof ApiError && error.status === 0) throw error;
    const { text, ...described } = describeError(error);
    call.show(text, { event: 'error', ...described });
  }
}

/** An installation that `dev` did not make is replaced only when told so: it may be somebody's. */
async function mayBeReplaced(client: Client, { manifest }: Packed, call: Call): Promise<Installed | undefined> {
  const found = await findInstalled(client, manifest.name);
  if (found && call.options.replace !== true) {
    const message = `${manifest.name} is installed there already; --replace takes its place and keeps its settings`;
    throw new Failure('install_conflict', { message });
  }
  return found;
}

/**
 * Takes the place of what is loaded: settings, accounts and records stay. Everything that the manifest asks for is
 * granted. A release of the marketplace cannot be changed, so that one is removed first.
 */
async function sideload(
  client: Client,
  { manifest, files }: Packed,
  before: Installed | undefined,
): Promise<Installed> {
  const { files: _files, ...plain } = manifest;
  const permissions = [...new Set((manifest.permissions ?? []).map(({ name }) => name))];
  const body = { manifest: plain, bundle: bundleOf(files), permissions };
  const named = { ...body, name: manifest.name, version: manifest.version };
  if (!before) return client.call('POST /plugins', { body: named });
  try {
    const consenting = { ...body, permissions: [...permissions, 'credentials'] };
    const { plugin } = await client.call('POST /plugins/{id}/upgrade', { params: { id: before.id }, body: consenting });
    return plugin;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    if (/came from the marketplace/.test(error.message)) {
      await client.call('DELETE /plugins/{id}', {
        params: { id: before.id },
        query: { keep: 'records,configuration' },
      });
      return client.call('POST /plugins', { body: named });
    }
    // The same manifest and the same code are there: a save that changed nothing.
    if (/already/.test(error.message)) return before;
    throw error;
  }
}

/** The module with its map at its end, so that the host's stack traces lead to the author's lines. */
function bundleOf(files: ReadonlyMap<string, Buffer>): string {
  const map = files.get('plugin.js.map');
  const inline = map ? `\n//# sourceMappingURL=data:application/json;base64,${map.toString('base64')}` : '';
  return `${files.get('plugin.js')?.toString('utf8') ?? ''}${inline}`;
}

/** Works after every save, one at a time, and shows the calls that the host makes. Ends with Ctrl-C. */
async function untilEnded(folder: string, work: () => Promise<void>, call: Call, client: Client, seen: Seen) {
  call.tell(`watching ${folder}; Ctrl-C ends`);
  const ended = new AbortController();
  let due: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let failed: (error: unknown) => void = () => undefined;
  const isOver = new Promise<void>((resolved, rejected) => {
    failed = rejected;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolved());
  });
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (!name || /(^|[/\\])(node_modules|\.|dist|recordings)|\.tgz$|\.test\./.test(String(name))) return;
    // Editors write a file several times for one save.
    clearTimeout(due);
    due = setTimeout(() => {
      running = running.then(work).catch(failed);
    }, 50);
  });
  const watching = watchCalls(client, seen, call, ended.signal).catch(failed);
  try {
    await isOver;
  } finally {
    clearTimeout(due);
    watcher.close();
    ended.abort();
    await Promise.all([running, watching]);
  }
}
