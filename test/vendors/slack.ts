/**
 * A stateful mock of Slack's Web API. Slack's last official description (archived, Swagger 2) judges each request where
 * the vendor specs are at hand; elsewhere a short description of the same operations does.
 */
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
// @ts-expect-error the package ships no types; what is used of it is named below
import converter from 'swagger2openapi';
import { cutDocument, serveVendor, type VendorAnswer, type VendorRequest, type VendorServer } from './contract.ts';

type Json = Record<string, unknown>;
export interface SlackMock extends VendorServer {
  token: string;
  channels: Json[];
  messages: Json[];
  /** Sends an event to an address, signed as Slack does. `at` is the time in the signature, epoch seconds. */
  deliver(
    url: string,
    payload: unknown,
    signing_secret: string,
    options?: { at?: number; retry?: number },
  ): Promise<Response>;
}

interface Converter {
  convertObj(document: unknown, options: { patch: boolean; warnOnly: boolean }): Promise<{ openapi: unknown }>;
}

const spec = fileURLToPath(new URL('../../../shared/vendor-specs/slack/slack_web_openapi_v2.json.gz', import.meta.url));
const paths = ['/auth.test', '/chat.postMessage', '/conversations.list'];
/** Whether Slack's own document is at hand. */
export const hasSlackSpec = existsSync(spec);

async function document(): Promise<Json> {
  if (!hasSlackSpec) return shortDocument;
  const swagger = JSON.parse(gunzipSync(await readFile(spec)).toString('utf8')) as { paths: Json };
  const { openapi } = await (converter as Converter).convertObj(
    { ...swagger, paths: Object.fromEntries(paths.map((path) => [path, swagger.paths[path]])) },
    { patch: true, warnOnly: true },
  );
  return cutDocument(openapi as Json, paths);
}

const field = (name: string, required = false): Json => ({ name, in: 'query', required, schema: { type: 'string' } });
const ok = { 200: { description: 'ok' } };
const shortDocument: Json = {
  openapi: '3.0.3',
  info: { title: 'Slack Web API, the part this mock keeps', version: '1' },
  components: {},
  paths: {
    '/auth.test': { get: { operationId: 'auth_test', responses: ok } },
    '/conversations.list': {
      get: {
        operationId: 'conversations_list',
        parameters: [
          field('types'),
          field('cursor'),
          { ...field('limit'), schema: { type: 'integer', maximum: 1000 } },
        ],
        responses: ok,
      },
    },
    '/chat.postMessage': {
      post: {
        operationId: 'chat_postMessage',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['channel'],
                properties: { channel: { type: 'string' }, text: { type: 'string' } },
              },
            },
          },
        },
        responses: ok,
      },
    },
  },
};

/** Starts the mock with so many channels. */
export async function startSlack(size: { channels?: number } = {}): Promise<SlackMock> {
  const token = 'xoxb-0000000000-not-a-real-token';
  const channels: Json[] = Array.from({ length: size.channels ?? 3 }, (_, index) => ({
    id: `C${String(index + 1).padStart(9, '0')}`,
    name: index === 0 ? 'general' : `channel-${index}`,
    name_normalized: index === 0 ? 'general' : `channel-${index}`,
    created: 1449252889,
    creator: 'U012A3CDE',
    is_archived: false,
    is_channel: true,
    is_general: index === 0,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_org_shared: false,
    is_private: false,
    is_shared: false,
    is_member: true,
    is_ext_shared: false,
    is_pending_ext_shared: false,
    num_members: 4,
    pending_shared: [],
    previous_names: [],
    topic: { creator: '', last_set: 0, value: '' },
    purpose: { creator: '', last_set: 0, value: '' },
    unlinked: 0,
  }));
  const messages: Json[] = [];
  const failed = (error: string): VendorAnswer => ({
    status: 200,
    body: { ok: false, error },
    documented_as: 500,
  });

  const answer = ({ operation, query, body, headers }: VendorRequest): VendorAnswer => {
    if (!headers.authorization) return failed('not_authed');
    if (headers.authorization !== `Bearer ${token}`) return failed('invalid_auth');
    switch (operation) {
      case 'auth_test':
        return {
          status: 200,
          body: {
            ok: true,
            url: 'https://octo.slack.com/',
            team: 'Octo',
            user: 'patchbay',
            team_id: 'T12345678',
            user_id: 'W12345678',
          },
        };
      case 'conversations_list': {
        const limit = Number(query.limit ?? 100);
        const from = Number(query.cursor ? Buffer.from(query.cursor, 'base64').toString() : 0);
        const next = from + limit < channels.length ? Buffer.from(String(from + limit)).toString('base64') : '';
        return {
          status: 200,
          body: { ok: true, channels: channels.slice(from, from + limit), response_metadata: { next_cursor: next } },
        };
      }
      case 'chat_postMessage': {
        const channel = channels.find((one) => one.id === body.channel || `#${String(one.name)}` === body.channel);
        if (!channel) return failed('channel_not_found');
        if (!body.text) return failed('no_text');
        const ts = `1503435956.${String(messages.length + 1).padStart(6, '0')}`;
        const message: Json = { type: 'message', text: body.text, ts, user: 'W12345678' };
        if (body.thread_ts) message.thread_ts = body.thread_ts;
        messages.push({ ...message, channel: channel.id });
        return { status: 200, body: { ok: true, channel: channel.id, ts, message } };
      }
      default:
        throw new Error(`the mock does not keep ${operation}`);
    }
  };
  const server = await serveVendor(await document(), answer, {
    root: '/api',
    // The archived document asks for a `token` header beside Authorization; Slack itself never did.
    prepare: (request) => {
      const given = request.headers.authorization;
      if (given) request.headers.token = String(given);
    },
    refuse: () => failed('invalid_arg_name'),
  });
  const deliver: SlackMock['deliver'] = async (url, payload, signing_secret, options = {}) => {
    const body = JSON.stringify(payload);
    const at = String(options.at ?? Math.floor(Date.now() / 1000));
    const mac = createHmac('sha256', signing_secret).update(`v0:${at}:${body}`).digest('hex');
    return fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': at,
        'x-slack-signature': `v0=${mac}`,
        ...(options.retry ? { 'x-slack-retry-num': String(options.retry) } : {}),
      },
    });
  };
  return Object.assign(server, { token, channels, messages, deliver });
}
