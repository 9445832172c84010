/**
 * Sync throughput on the embedded engine, beside a bare loop that fetches the same pages and bulk-inserts them with the
 * MongoDB driver, in turns; and how flat the host's memory stays: `node test/bench/sync.ts [records]`.
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

const records = Number(process.argv[2] ?? 200_000);
const rounds = 3;
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

const bare: number[] = [];
const synced: number[] = [];
const flat: number[] = [];
let most = 0;
for (let round = 0; round < rounds; round += 1) {
  bare.push(await bareLoop());
  const { sync_ms, memory } = await hostSync();
  synced.push(sync_ms);
  const third = Math.floor(memory.length / 3);
  flat.push(Math.max(...memory.slice(2 * third)) / Math.max(...memory.slice(third, 2 * third)));
  most = Math.max(most, ...memory);
}
const middle = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
const ratios = bare.map((ms, round) => ms / (synced[round] as number));
const all = (values: number[]) => values.map((value) => value.toFixed(2)).join(', ');
const rate = (ms: number) => Math.round(records / (ms / 1000));
process.stdout.write(
  `${[
    `records                ${records}, ${page} a page, ${rounds} rounds in turns`,
    `bare loop              ${rate(middle(bare))} records/s`,
    `sync                   ${rate(middle(synced))} records/s`,
    `ratio                  ${middle(ratios).toFixed(2)} of ${all(ratios)} (goal: at least 0.33)`,
    `memory, host           ${Math.round(most / 1024)} MB at most; last third / middle third ${middle(flat).toFixed(2)} of ${all(flat)} (goal: at most 1.1)`,
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
  const host = await startHost({ env: { ...demoEnv, LOG_LEVEL: 'error' } });
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
