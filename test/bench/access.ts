/** What access costs: node test/bench/access.ts. Ratios of one run on one machine; prints JSON, exit 1 when a promise is broken. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Router from '@koa/router';
import { hash, verify } from '@node-rs/argon2';
import { compare as compareBcrypt, hash as hashBcrypt } from 'bcryptjs';
import Koa from 'koa';
import { Pool } from 'undici';
import { newApiKey } from '../../core/access/api-key-text.ts';
import { makeApiKey } from '../../core/access/api-keys.ts';
import { authenticate } from '../../core/access/authenticate.ts';
import { firstStart } from '../../core/access/first-start.ts';
import { User } from '../../core/access/model.ts';
import { makeUser } from '../../core/access/register.ts';
import { beginTokens } from '../../core/access/sessions.ts';
import { makeMember } from '../../core/access/workspaces.ts';
import { allRoutes, createApp } from '../../core/app.ts';
import { config } from '../../core/config.ts';
import { connectDatabase } from '../../core/database/connect.ts';
import { mongoose } from '../../core/database/mongoose.ts';
import { transaction } from '../../core/database/transaction.ts';
import { route } from '../../core/http/route.ts';
import { log } from '../../core/log.ts';
import { startVault } from '../../core/vault/start-vault.ts';

/** bcryptjs says of itself that it takes about a third longer than C; four times is far on the safe side. */
const slowerThanC = 4;
const rounds = Number(process.env.ROUNDS ?? 5);
const data = mkdtempSync(join(tmpdir(), 'patchbay-bench-'));
const database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data, log });
await startVault([], data);
const { workspace_id } = await firstStart();
const slow = await hash('not used', { memoryCost: 8192, timeCost: 1 });
/** Callers enough that none of them meets a limit: each request then goes all the way through the accounting. */
const callers = 50;
const keys: string[] = [];
const tokens: string[] = [];
for (let index = 0; index < callers; index += 1) {
  const user = await transaction(async () => {
    const made = await makeUser({ email: `bench-${index}@example.com` }, slow);
    await makeMember(workspace_id, made._id, 'owner');
    return made;
  });
  const caller = {
    kind: 'user' as const,
    id: user._id,
    label: user.email,
    user_id: user._id,
    workspace_id,
    role: 'owner' as const,
    site_roles: [],
    scopes: null,
    project_id: null,
    by_cookie: false,
  };
  const wishes = { name: 'bench', scopes: ['admin' as const], mode: 'live' as const, rate_limit_per_hour: 1_000_000 };
  keys.push((await makeApiKey(caller, wishes, '127.0.0.1')).key);
  tokens.push((await beginTokens(user._id, 'tokens', { address: '127.0.0.1', user_agent: '' })).access_token);
}
await User.init();
const [key = ''] = keys;
const [access_token = ''] = tokens;

let commands = 0;
mongoose.connection.getClient().on('commandStarted', (event) => {
  if (event.databaseName !== 'admin') commands += 1;
});

/** Microseconds of one call, the middle of several rounds. */
async function cost(count: number, run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    for (let i = 0; i < count; i += 1) await run();
    times.push(((performance.now() - began) * 1000) / count);
  }
  return middle(times);
}

const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const headersOf = (credential: string, address = '127.0.0.1') => ({
  headers: { authorization: `Bearer ${credential}` },
  address,
  method: 'GET',
  is_public: false,
});
const refused = () => undefined;

await authenticate(headersOf(key));
await authenticate(headersOf(access_token));
commands = 0;
const cachedKey = await cost(5000, () => authenticate(headersOf(key)));
const mistyped = `${newApiKey('live').slice(0, -1)}-`.replace('-', 'a');
const badChecksum = await cost(5000, () => authenticate(headersOf(mistyped, '192.0.2.1')).catch(refused));
const reads = commands;
// The usual cost of 10. This is bcrypt in JavaScript; the promise is held against what its C form would take.
const byBcrypt = await hashBcrypt('a password', 10);
const bcrypt = (await cost(5, () => compareBcrypt('a password', byBcrypt))) / slowerThanC;
const byArgon2 = await hash('a password', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
const argon2 = await cost(5, () => verify(byArgon2, 'a password'));

// The same answer by bare Koa routing and through the whole chain.
const content = { projects: [{ id: 'prj_1', name: 'Default' }], total: 1 };
const bare = new Koa();
const router = new Router();
router.get('/api/v1/bench', (ctx) => {
  ctx.body = { code: 'S10000', msg: 'OK', content };
});
bare.use(router.routes());
const answer = {
  type: 'object',
  additionalProperties: false,
  properties: {
    projects: { type: 'array', items: { type: 'object', additionalProperties: true } },
    total: { type: 'integer' },
  },
} as const;
const benched = route({
  method: 'GET',
  path: '/bench',
  summary: 'bench',
  who: 'projects:read',
  answer,
  handle: () => content,
});
// The whole host, with every route that it has: one more is the one that is asked.
const whole = createApp(config(), [...allRoutes, benched]);

async function listen(handler: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Microseconds a request, with 16 in flight. */
async function perRequest(origin: string, headers: readonly Record<string, string>[], count = 500): Promise<number> {
  const pool = new Pool(origin, { connections: 16 });
  let left = count;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left > 0) {
        left -= 1;
        const who = headers[left % headers.length] ?? {};
        const { statusCode, body } = await pool.request({ path: '/api/v1/bench', method: 'GET', headers: who });
        await body.dump();
        if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      }
    }),
  );
  const spent = performance.now() - began;
  await pool.close();
  return (spent * 1000) / count;
}

const [plain, full] = [await listen(bare.callback()), await listen(whole.handler)];
const keyHeaders = keys.map((one) => ({ 'x-api-key': one }));
const tokenHeaders = tokens.map((one) => ({ authorization: `Bearer ${one}` }));
const ways = {
  bare: () => perRequest(plain.origin, [{}]),
  key: () => perRequest(full.origin, keyHeaders),
  token: () => perRequest(full.origin, tokenHeaders),
};
const bareTimes: number[] = [];
const ratios = { key: [] as number[], token: [] as number[] };
// Many short turns close together, compared within the turn: what else the machine does falls on all three alike.
for (let turn = 0; turn < rounds * 8; turn += 1) {
  const one = { bare: 0, key: 0, token: 0 };
  const order = (['bare', 'key', 'token'] as const).map((_, index, names) => names[(index + turn) % 3] ?? 'bare');
  for (const name of order) one[name] = await ways[name]();
  // The first turns warm up.
  if (turn < 3) continue;
  bareTimes.push(one.bare);
  ratios.key.push(one.key / one.bare);
  ratios.token.push(one.token / one.bare);
}
const ratio = { key: middle(ratios.key), token: middle(ratios.token) };
const result = {
  key_check_us: Math.round(cachedKey * 100) / 100,
  mistyped_key_us: Math.round(badChecksum * 100) / 100,
  database_reads_in_10000_checks: reads,
  bcrypt_us: Math.round(bcrypt),
  argon2id_us: Math.round(argon2),
  times_cheaper_than_bcrypt: Math.round(bcrypt / cachedKey),
  times_cheaper_than_argon2id: Math.round(argon2 / cachedKey),
  bare_koa_us: Math.round(middle(bareTimes)),
  chain_with_key_over_bare: Math.round(ratio.key * 100) / 100,
  chain_with_token_over_bare: Math.round(ratio.token * 100) / 100,
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
plain.server.closeAllConnections();
full.server.closeAllConnections();
await database.close();
rmSync(data, { recursive: true, force: true });
process.exit(reads === 0 && bcrypt / cachedKey >= 1000 && ratio.key <= 2.5 && ratio.token <= 2.5 ? 0 : 1);
