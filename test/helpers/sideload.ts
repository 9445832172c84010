import { rmSync } from 'node:fs';
import { type Answer, type RunningHost, startHost } from './host.ts';

let started: Promise<RunningHost> | undefined;

/** One host that takes sideloaded plugins, for all suites of a run that only run plugins on it; ended with the run. */
export function sideloadHost(): Promise<RunningHost> {
  started ??= startHost({ env: { PATCHBAY_ALLOW_SIDELOAD: 'true' } }).then((host) => {
    process.once('exit', () => {
      host.process.kill('SIGKILL');
      rmSync(host.data, { recursive: true, force: true });
    });
    return host;
  });
  return started;
}

export interface Draft {
  name: string;
  /** action → source of a function `(ctx, input)` */
  actions: Record<string, string>;
  /** source of more handlers beside the actions: `on: { … }` */
  handlers?: string;
  /** what runs before the module's export */
  before?: string;
  permissions?: { name: string; [scope: string]: unknown }[];
  manifest?: object;
}

export interface Sideloaded {
  id: string;
  /** Runs an action; the answer of the HTTP API. */
  act(action: string, input?: unknown): ReturnType<RunningHost['request']>;
}

/** Puts a plugin on a host through the HTTP API, all its permissions granted. */
export async function sideload(host: RunningHost, draft: Draft): Promise<Sideloaded> {
  const permissions = draft.permissions ?? [];
  const manifest = {
    ...{ manifest_version: 1, name: draft.name, version: '1.0.0', display_name: draft.name },
    engines: { patchbay: '>=1.0.0' },
    permissions: permissions.map((permission) => ({ reason: 'a test', ...permission })),
    actions: Object.fromEntries(
      Object.keys(draft.actions).map((name) => [name, { title: name, input: { type: 'object' } }]),
    ),
    ...draft.manifest,
  };
  const handlers = Object.entries(draft.actions).map(([name, source]) => `${name}: ${source}`);
  const bundle = `${draft.before ?? ''}
export default { manifest: ${JSON.stringify(manifest)}, handlers: { actions: { ${handlers.join(',\n')} }, ${draft.handlers ?? ''} } };`;
  const answer = await host.request('POST', '/plugins', { body: { name: draft.name, manifest, bundle, permissions } });
  if (answer.status !== 201) throw new Error(`${draft.name} was refused: ${answer.text}`);
  const id = answer.body.content.id as string;
  return {
    id,
    act: (action, input = {}) => host.request('POST', `/plugins/${id}/actions/${action}`, { body: { input } }),
  };
}

/** A machine that is too busy is nobody's fault: the call is told so, and may be tried again. */
export async function settled(act: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await act();
    if (!['starved', 'busy'].includes(answer.body.content?.error?.type) || tries === 10) return answer;
  }
}
