/**
 * Sync throughput on the embedded engine, beside a bare loop that fetches the same pages and bulk-inserts them with the
 * MongoDB driver; and the host's memory over a long sync. Ratios of one run: `node test/bench/sync.ts [records]`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startHost } from '../helpers/host.ts';
import { type DemoVendor, demoEnv, demoManifest, installDemo } from '../integrations/demo-vendor.ts';

const records = Number(process.argv[2] ?? 20_000);
const page = 500;
const text = 'x'.repeat(400);

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://vendor');
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/me') return void response.end('{"login":"bench"}');
  const from = Number(url.searchParams.get('after') || 0);
  const things = Array.from({ length: Math.min(page, records - from) }, (_, index) => ({
    id: `t${from + index}`,
    title: `Thing ${from + index} ${text}`,
    updated_at: new Date(1_760_000_000_000 + from + index).toISOString(),
  }));
  const next = from + page < records ? String(from + page) : null;
  response.end(JSON.stringify({ things, next }));
});
await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const bare_ms = await bareLoop();
const { sync_ms, memory } = await hostSync();
const head = memory.slice(Math.floor(memory.length / 3), Math.floor((memory.length * 2) / 3));
const tail = memory.slice(Math.floor((memory.length * 2) / 3));
const flatness = Math.max(...tail) / Math.max(...head);
const rate = (ms: number) => Math.round(records / (ms / 1000));
process.stdout.write(
  `${[
    `records                ${records}, ${page} a page`,
    `bare loop              ${rate(bare_ms)} records/s`,
    `sync                   ${rate(sync_ms)} records/s`,
    `ratio                  ${(bare_ms / sync_ms).toFixed(2)} (goal: at least 0.33)`,
    `memory, host           ${Math.round(Math.max(...memory) / 1024)} MB at most; last third / middle third ${flatness.toFixed(2)} (goal: at most 1.1)`,
  ].join('\n')}\n`,
);
server.closeAllConnections();
server.close();

/** Fetches each page and inserts it, in another process's engine, as the host's worker is another thread's. */
async function bareLoop(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
  const { child, uri } = await startDatabase(folder);
  const client = await MongoClient.connect(uri);
  const collection = client.db('bench').collection<{ _id: string }>('things');
  const began = performance.now();
  for (let after = ''; ; ) {
    const answer = (await (await fetch(`${url}/things?after=${after}`)).json()) as {
      things: { id: string }[];
      next: string | null;
    };
    await collection.insertMany(answer.things.map((thing) => ({ _id: thing.id, ...thing })));
    if (answer.next === null) break;
    after = answer.next;
  }
  const ms = performance.now() - began;
  await client.close();
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
  return ms;
}

async function startDatabase(folder: string): Promise<{ child: ChildProcess; uri: string }> {
  const child = spawn(process.execPath, ['core/cli/main.ts', 'database'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, PATCHBAY_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const uri = await new Promise<string>((resolve) => {
    let seen = '';
    child.stdout?.on('data', (chunk) => {
      seen += chunk;
      const found = /mongodb:\/\/\S+/.exec(seen);
      if (found) resolve(found[0]);
    });
  });
  return { child, uri };
}

/** A full sync by a real host: sandbox, broker, records with their cursor, all of it. */
async function hostSync(): Promise<{ sync_ms: number; memory: number[] }> {
  const host = await startHost({
    env: { ...demoEnv, LOG_LEVEL: 'error', NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/prof-int' },
  });
  await installDemo(host, demoManifest({ url } as DemoVendor));
  const made = await host.request('POST', '/integrations', {
    body: { integration_type: 'demo', name: 'Bench', auth_config: { access_token: 'good-token-0123456789' } },
  });
  const id = made.body.content.id as string;
  const started = await host.request('POST', `/integrations/${id}/sync`, { body: { sync_type: 'full' } });
  const memory: number[] = [];
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    memory.push(residentKb(host.process.pid ?? 0));
    const sync = (await host.request('GET', `/integrations/${id}/sync/${started.body.content.id}`)).body.content;
    if (['queued', 'running'].includes(sync.status)) continue;
    await host.remove();
    if (sync.status !== 'succeeded' || sync.counts.created !== records)
      throw new Error(`the sync went wrong: ${JSON.stringify(sync)}`);
    return { sync_ms: Date.parse(sync.finished_at) - Date.parse(sync.started_at), memory };
  }
}

function residentKb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
