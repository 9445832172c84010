import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { database } from '../../core/cli/database.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { emitEvent } from '../../core/events/emit-event.ts';
import type { EventRow } from '../../core/events/model.ts';
import type { Caller } from '../../core/http/caller.ts';
import { log } from '../../core/log.ts';
import { openVault } from '../../core/vault/vault.ts';
import { createWebhook } from '../../core/webhooks/create-webhook.ts';
import { followWithWebhooks } from '../../core/webhooks/follow.ts';
import { Delivery, type DeliveryRow, Webhook, type WebhookRow } from '../../core/webhooks/model.ts';

const key = randomBytes(32);

export const caller: Caller = {
  ...{ kind: 'user', id: 'usr_1', label: 'ana@example.com', user_id: 'usr_1', workspace_id: 'w1', role: 'owner' },
  ...{ site_roles: [], scopes: null, project_id: null, by_cookie: false },
};

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export type Answering = (request: Received, response: ServerResponse, message: IncomingMessage) => void;

export interface PostOffice {
  received: Received[];
  /** deliveries of one path, in the order of their arrival */
  at(path: string): Received[];
  /** how the receiver at a path answers; 200 unless said */
  answer(path: string, how: Answering): void;
  /** a webhook whose receiver is at a path; `host` is a name of this machine, localhost unless given */
  webhook(path: string, more?: { host?: string; [field: string]: unknown }): Promise<WebhookRow & { shown: string }>;
  emit(data?: object, more?: { type?: string; project_id?: string | null; workspace_id?: string }): Promise<EventRow>;
  /** starts one more delivering process */
  hire(env?: Record<string, string>): Promise<ChildProcess>;
  /** ends the first one; with SIGKILL, or gently */
  process(): ChildProcess;
}

/** Mocha hooks: a shared database, a real process that delivers, and a real receiver. */
export function withPostOffice(env: Record<string, string> = {}): PostOffice {
  const received: Received[] = [];
  const answers = new Map<string, Answering>();
  const staff: ChildProcess[] = [];
  let folder: string;
  let port: number;
  let engine: Awaited<ReturnType<typeof database>>;
  let connection: Awaited<ReturnType<typeof connectDatabase>>;
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk) => chunks.push(chunk));
    message.on('end', () => {
      const request = {
        path: message.url ?? '',
        headers: message.headers as Record<string, string>,
        body: Buffer.concat(chunks),
      };
      received.push(request);
      const how = answers.get(request.path);
      if (how) how(request, response, message);
      else response.end('thanks');
    });
    message.on('error', () => {});
  });

  const office: PostOffice = {
    received,
    at: (path) => received.filter((one) => one.path === path),
    answer: (path, how) => void answers.set(path, how),
    process: () => staff[0] as ChildProcess,
    async webhook(path, { host = 'localhost', ...more } = {}) {
      const asked = {
        name: `hook ${path}`,
        url: `http://${host}:${port}${path}`,
        events: ['task.created'],
        is_active: true,
        timeout_seconds: 2,
        ...more,
      };
      const { webhook, secret } = await createWebhook(caller, 'prj_1', asked, '127.0.0.1');
      return { ...webhook, shown: secret };
    },
    emit: (data = { id: 't1' }, more = {}) =>
      emitEvent({
        ...{ workspace_id: 'w1', project_id: 'prj_1', type: 'task.created', data },
        ...{ source: { kind: 'user', id: 'usr_1' }, ...more },
      }),
    async hire(more = {}) {
      const child = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'deliverer.ts')],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: {
            PATH: process.env.PATH,
            ...{ MONGODB_URI: engine.uri, PATCHBAY_DATA: folder, ENCRYPTION_KEY: key.toString('hex') },
            ...{ PATCHBAY_EGRESS_ALLOW: '127.0.0.0/8,::1/128', LOG_LEVEL: 'fatal', ...env, ...more },
          },
        },
      );
      staff.push(child);
      await new Promise<void>((resolve, reject) => {
        child.stdout?.once('data', () => resolve());
        child.once('exit', (code) => reject(new Error(`the deliverer ended with ${code}`)));
      });
      return child;
    },
  };

  before(async function () {
    // Two processes start here, which a machine that is busy with others takes its time for.
    this.timeout(180_000);
    folder = mkdtempSync(join(tmpdir(), 'patchbay-post-'));
    engine = await database({ data: folder });
    connection = await connectDatabase({ uri: engine.uri, data: folder, log });
    openVault([key]);
    followWithWebhooks();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    await office.hire();
  });
  after(async () => {
    for (const child of staff) child.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
    await connection.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return office;
}

export async function deliveries(webhook: { _id: string }): Promise<DeliveryRow[]> {
  return Delivery.find({ webhook_id: webhook._id }).sort({ created_at: 1 }).lean<DeliveryRow[]>();
}

export async function webhookNow(webhook: { _id: string }): Promise<WebhookRow> {
  return (await Webhook.findById(webhook._id).lean<WebhookRow>()) as WebhookRow;
}

/** Waits until every delivery of a webhook is over, and there are as many as expected. */
export async function over(webhook: { _id: string }, count = 1): Promise<DeliveryRow[]> {
  for (;;) {
    const rows = await deliveries(webhook);
    if (rows.length >= count && rows.every((row) => row.status !== 'pending')) return rows;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
