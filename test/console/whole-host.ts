import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeys, type Keys, pack } from '../../sdk/package/index.ts';
import { type RunningHost, startHost } from '../helpers/host.ts';

/** A host that holds one of everything that the console shows. */
export interface WholeHost {
  host: RunningHost;
  keys: Keys;
  plugin: string;
  webhook: string;
  integration: string;
  /** ids of the deliveries' receiver are shown too; it answers 500 with what strangers say while this is true */
  receiver: { url: string; fails: boolean };
  /** the address of every page, with what it is called in a picture */
  addresses: [name: string, address: string][];
  /** a later release of `@acme/notes`, as bytes to publish */
  release(version: string): Promise<Uint8Array>;
  remove(): Promise<void>;
}

/** What a publisher, a vendor or a user writes at a place. */
export type Say = (place: string) => string;
const plainly: Say = (place) =>
  ({
    package: 'Meeting notes',
    description: 'Keeps the notes of meetings, and finds them again.',
    readme:
      '# Meeting notes\n\nKeeps **notes**.\n\n- one\n- two\n\n| field | meaning |\n|---|---|\n| `title` | what it is about |\n',
    publisher: 'Acme Incorporated',
  })[place] ?? `The ${place.replaceAll('_', ' ')}`;

/**
 * Starts a host and fills it over HTTP: a publisher with two releases, installed, called, failed, configured and connected;
 * a webhook with deliveries, a key, an invitation, events, a review.
 *
 * @param say what stands in every text that a person outside the host writes
 */
export async function startWholeHost(say: Say = plainly): Promise<WholeHost> {
  const host = await startHost({ env: { PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8' } });
  try {
    return await fill(host, say);
  } catch (error) {
    await host.remove();
    throw error;
  }
}

async function fill(host: RunningHost, say: Say): Promise<WholeHost> {
  const keys = generateKeys();
  const receiver = { url: '', fails: true };
  const server = createServer((_, response) => {
    response.writeHead(receiver.fails ? 500 : 200, { 'content-type': 'text/html' }).end(say('answer_of_the_receiver'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const must = async (method: string, path: string, asking: { body?: unknown; bytes?: Uint8Array } = {}) => {
    const headers: Record<string, string> = asking.bytes ? { 'content-type': 'application/gzip' } : {};
    const answer = await host.request(method, path, { ...asking, headers });
    if (!/^S1/.test(answer.body.code)) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body.content;
  };
  // The review lets no package in whose text changes its direction; everybody else's text may.
  const release = (version: string) => packNotes(version, keys, (place) => say(place).replaceAll('\u202e', ''));

  await must('POST', '/registry/publishers', {
    body: { name: '@acme', display_name: say('publisher'), public_key: keys.public_key },
  });
  for (const version of ['1.0.0', '1.1.0']) await must('POST', '/registry/plugins', { bytes: await release(version) });
  const { id: plugin } = await must('POST', '/plugins', {
    body: { name: '@acme/notes', version: '1.0.0', permissions: ['storage', 'events:emit', 'network'] },
  });
  await must('POST', `/plugins/${plugin}/configuration`, { body: { configuration: { word: say('setting') } } });
  await must('POST', '/workspaces', { body: { name: say('other_workspace') } });
  const project = await must('POST', '/projects', { body: { name: say('project') } });
  const { id: webhook } = await must('POST', '/webhooks', {
    body: {
      ...{ name: say('webhook'), url: receiver.url, events: ['acme.noted', 'project.created'] },
      ...{ headers: { 'X-Note': 'plain' }, retry_config: { max_retries: 0 } },
    },
  });
  await must('POST', `/plugins/${plugin}/actions/note`, { body: { input: { title: say('title') } } });
  await host.request('POST', `/plugins/${plugin}/actions/note`, { body: { input: { title: 'x', fail: true } } });
  await must('POST', '/webhooks/events/project.created', { body: { id: project.id, name: say('event') } });
  await must('POST', '/api-keys', { body: { name: say('key'), scopes: ['plugins:read', 'webhooks:read'] } });
  await must('POST', '/invitations', { body: { email: 'grace@example.com', role: 'developer' } });
  await must('POST', '/registry/plugins/@acme%2Fnotes/reviews', { body: { rating: 4, text: say('review') } });
  await must('POST', '/registry/plugins/@acme%2Fnotes/versions/1.0.0/deprecate', { body: { reason: say('advice') } });
  await must('POST', '/registry/plugins/@acme%2Fnotes/versions/1.0.0/verify', { body: { reason: say('verdict') } });
  const integration = (
    await must('POST', '/integrations', {
      body: {
        ...{ project_id: project.id, integration_type: 'acme_notes', name: say('integration') },
        ...{ configuration: {}, auth_config: { auth_type: 'api_key', access_token: 'a-token-of-a-vendor' } },
      },
    })
  ).id;
  await must('POST', `/integrations/${integration}/test`);
  await must('POST', `/integrations/${integration}/sync`, { body: { sync_type: 'full' } });
  const isTold = async () => (await must('GET', `/webhooks/${webhook}/logs?status=failed`)).total > 0;
  for (let tries = 0; tries < 200 && !(await isTold()); tries++) await new Promise((done) => setTimeout(done, 100));

  const { invocations } = await must('GET', `/plugins/${plugin}/invocations?status=succeeded`);
  const call = invocations.find(({ handler }: { handler: string }) => handler === 'actions.note');
  return {
    ...{ host, keys, plugin, webhook, integration, receiver, release },
    addresses: addressesOf({ plugin, webhook, integration, project: project.id, call: call.id }),
    async remove() {
      server.closeAllConnections();
      server.close();
      await host.remove();
    },
  };
}

type Shown = 'plugin' | 'webhook' | 'integration' | 'project' | 'call';

function addressesOf({ plugin, webhook, integration, project, call }: Record<Shown, string>) {
  const notes = '/marketplace/@acme/notes';
  const tabs = (base: string, names: string[]): [string, string][] =>
    names.map((tab) => [`${base.split('/')[1]}-${tab}`, `${base}?tab=${tab}`]);
  const pages: [string, string][] = [
    ['marketplace', '/marketplace'],
    ['plugin-page', notes],
    ...tabs(notes, ['permissions', 'offers', 'changelog', 'versions', 'reviews']),
    ['publisher-page', '/publishers/@acme'],
    ['install', '/install/@acme/notes'],
    ['plugins', '/plugins'],
    ['plugin', `/plugins/${plugin}`],
    ...tabs(`/plugins/${plugin}`, ['configuration', 'version', 'grants', 'usage', 'invocations', 'logs', 'offers']),
    ['plugins-uninstall', `/plugins/${plugin}?tab=uninstall`],
    ['upgrade', `/plugins/${plugin}/upgrade`],
    ['invocation', `/invocations/${call}`],
    ['projects', '/projects'],
    ['project', `/projects/${project}`],
    ['project-settings', `/plugins/${plugin}?tab=configuration&project=${project}`],
    ['integrations', '/integrations'],
    ['new-integration', '/integrations/new'],
    ['new-integration-form', '/integrations/new?type=acme_notes'],
    ['integration', `/integrations/${integration}`],
    ...tabs(`/integrations/${integration}`, ['run', 'sync', 'records', 'log', 'delete']),
    ['webhooks', '/webhooks'],
    ['new-webhook', '/webhooks/new'],
    ['webhook', `/webhooks/${webhook}`],
    ['events', '/events'],
    ['event-types', '/events?tab=types'],
    ['api-keys', '/api-keys'],
    ['account', '/account'],
    ['members', '/members'],
    ['audit', '/audit'],
    ['usage', '/usage'],
    ['authors', '/authors'],
    ['publisher', '/authors/@acme'],
    ['package', '/authors/@acme/notes'],
    ['reviewers', '/reviewers?view=all'],
    ['release', '/reviewers/@acme/notes?version=1.1.0'],
    ['health', '/health'],
    ['guide', '/guide'],
    ['device', '/device'],
    ['not-found', '/nowhere'],
  ];
  return pages;
}

async function packNotes(version: string, keys: Keys, say: Say): Promise<Uint8Array> {
  const inject = [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }];
  const base = { base_url: 'https://vendor.example', hosts: ['https://vendor.example'], inject };
  const manifest = {
    ...{ manifest_version: 1, name: '@acme/notes', version, display_name: say('package') },
    ...{ description: say('description'), license: 'MIT', author: say('author'), keywords: ['notes'] },
    engines: { patchbay: '>=1.0.0' },
    integration: { type: 'acme_notes', category: 'productivity', service_type: 'custom' },
    permissions: [
      { name: 'storage', reason: say('reason') },
      { name: 'events:emit', types: ['acme.noted'], reason: say('other_reason') },
      { name: 'network', hosts: ['https://vendor.example'], reason: say('network_reason') },
      ...(version === '1.0.0' ? [] : [{ name: 'schedule', reason: say('new_reason') }]),
    ],
    configuration: {
      type: 'object',
      properties: {
        word: { type: 'string', title: say('field'), description: say('hint'), examples: [say('example')] },
        seal: { type: 'string', format: 'secret', title: say('secret_field') },
      },
    },
    auth: [{ name: 'key', type: 'api_key', fields: { access_token: { type: 'string', format: 'secret' } }, ...base }],
    actions: {
      note: {
        ...{ title: say('action'), description: say('action_hint') },
        input: {
          type: 'object',
          properties: { title: { type: 'string' }, fail: { type: 'boolean', title: say('flag') } },
        },
      },
    },
    streams: { notes: { title: say('stream'), primary_key: ['/id'], modes: ['full'], deletes: 'missing' } },
    events: {
      'acme.noted': {
        title: say('event_type'),
        schema: { type: 'object', properties: { title: { type: 'string' } } },
        sample: { title: say('sample') },
      },
    },
  };
  const text = (place: string): string => JSON.stringify(say(place));
  const code = `export default {
  manifest: ${JSON.stringify(manifest)},
  handlers: {
    connect: async () => ({ account: ${text('account')}, metadata: {} }),
    test: async () => ({ account: ${text('account')} }),
    actions: {
      note: async (ctx, input) => {
        ctx.log.info(${text('log_line')}, { said: ${text('log_field')} });
        if (input.fail) throw new Error(${text('error')});
        await ctx.emit('acme.noted', { title: ${text('event_data')} });
        return { said: ${text('output')} };
      },
    },
    streams: {
      notes: async function* () {
        yield { upserts: [{ id: '1', title: ${text('record')} }] };
      },
    },
  },
};
`;
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-notes-'));
  const files: Record<string, string> = {
    ...{ 'plugin.json': JSON.stringify(manifest), 'plugin.js': code, LICENSE: 'MIT' },
    ...{ 'README.md': `${say('readme')}\n\nVersion ${version}.\n`, 'CHANGELOG.md': say('changelog') },
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const { bytes } = await pack(folder, { privateKey: keys.private_key });
  rmSync(folder, { recursive: true });
  return bytes;
}

let shared: Promise<WholeHost> | undefined;

/** One such host for all suites of a run that look at it and leave it whole; ended with the run. */
export function sharedWholeHost(): Promise<WholeHost> {
  shared ??= startWholeHost().then((whole) => {
    process.once('exit', () => {
      whole.host.process.kill('SIGKILL');
      rmSync(whole.host.data, { recursive: true, force: true });
    });
    return whole;
  });
  return shared;
}
