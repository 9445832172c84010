import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dropAllCached, dropCached } from '../../core/access/cache.ts';
import { Project } from '../../core/access/model.ts';
import { followNews, type NewsLoop } from '../../core/database/news.ts';
import type { Caller } from '../../core/http/caller.ts';
import { startSandbox } from '../../core/invocations/sandbox.ts';
import { openMarketplace } from '../../core/registry/marketplace.ts';
import { openVault } from '../../core/vault/vault.ts';
import type { Marketplace } from '../../marketplace/index.ts';
import type { Actor } from '../../marketplace/parts.ts';
import { generateKeys, type Keys, pack } from '../../sdk/package/index.ts';
import { withDatabase } from '../helpers/database.ts';

/** Somebody who may do everything in workspace `wsp_test`. */
export const admin: Caller = {
  kind: 'user',
  id: 'usr_admin',
  label: 'admin@example.com',
  user_id: 'usr_admin',
  workspace_id: 'wsp_test',
  role: 'owner',
  site_roles: ['operator', 'reviewer'],
  scopes: null,
  project_id: null,
  by_cookie: false,
};

/** A member of no publisher but those made here. */
export const author: Actor = {
  kind: 'user',
  id: 'usr_author',
  label: 'author@example.com',
  user_id: 'usr_author',
  is_operator: false,
};

export const keys: Keys = generateKeys();

/** What a test needs of the host, in this process: database, vault, sandbox, marketplace, and the publisher `@acme`. */
export interface HostParts {
  market: Marketplace;
  folder: string;
}

/** Mocha hooks that build the parts on a database of their own. */
export function withParts(): HostParts {
  const parts = {} as HostParts;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let news: NewsLoop;
  withDatabase();
  before(async () => {
    parts.folder = mkdtempSync(join(tmpdir(), 'patchbay-parts-'));
    openVault([Buffer.alloc(32, 7)]);
    dropAllCached();
    news = followNews({ everyMs: 250 });
    news.on((workspace) => (workspace === null ? dropAllCached() : dropCached(workspace)));
    sandbox = await startSandbox();
    parts.market = await openMarketplace();
    await Project.create([
      { _id: 'prj_one', workspace_id: 'wsp_test', name: 'One', is_default: true },
      { _id: 'prj_two', workspace_id: 'wsp_test', name: 'Two' },
    ]);
    await parts.market.createPublisher(author, { name: '@acme' });
    await parts.market.addKey(author, '@acme', keys.public_key);
  });
  after(async () => {
    news.stop();
    await sandbox.close();
    rmSync(parts.folder, { recursive: true, force: true });
  });
  return parts;
}

let folders = 0;

/** Packs a plugin from its manifest and the source of its handlers, as an author would, signed unless `key` is null. */
export async function packed(
  folder: string,
  manifest: Record<string, unknown>,
  handlers: string,
  key: Keys | null = keys,
  files: Record<string, string | Buffer> = {},
): Promise<Buffer> {
  folders += 1;
  const place = join(folder, `plugin-${folders}`);
  await mkdir(place, { recursive: true });
  const whole = {
    manifest_version: 1,
    version: '1.0.0',
    display_name: 'Test plugin',
    description: 'A plugin of the tests',
    license: 'MIT',
    engines: { patchbay: '>=1.0.0' },
    ...manifest,
  };
  await writeFile(join(place, 'plugin.json'), JSON.stringify(whole));
  await writeFile(
    join(place, 'plugin.js'),
    `export default { manifest: ${JSON.stringify(whole)}, handlers: ${handlers} };\n`,
  );
  await writeFile(join(place, 'README.md'), '# Test plugin\n\nIt tests.\n');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content);
  }
  const { bytes } = await pack(place, key ? { privateKey: key.private_key } : {});
  return Buffer.from(bytes);
}

/** A picture of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
