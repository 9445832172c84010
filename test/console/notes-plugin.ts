import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Keys } from '../../sdk/package/index.ts';
import { packed, png } from '../registry/parts.ts';

/** A plugin for the vendor of `test/vendors/sign-in-vendor.ts`; from 1.1.0 on it keeps something, and asks for that. */
export function notesManifest(vendor: string, version: string): Record<string, unknown> {
  const isNewer = version !== '1.0.0';
  return {
    name: '@e2e/notes',
    version,
    display_name: 'Notes',
    description: 'Notes of a vendor, synced and written',
    categories: ['notes'],
    integration: { type: 'notes', category: 'notes', service_type: 'custom' },
    permissions: [
      { name: 'network', hosts: [vendor], private: true, reason: 'Reads and writes your notes' },
      { name: 'events:emit', types: ['notes.added'], reason: 'Tells when a note was added' },
      { name: 'schedule', reason: 'Looks again later', optional: true },
      ...(isNewer ? [{ name: 'storage', reason: 'Counts what it added' }] : []),
    ],
    configuration: {
      type: 'object',
      additionalProperties: false,
      properties: {
        prefix: { type: 'string', title: 'Prefix', default: 'Note: ' },
        stamp: { type: 'string', title: 'Stamp', format: 'secret' },
      },
    },
    app: {
      client_id: { type: 'string', title: 'Client ID' },
      client_secret: { type: 'string', title: 'Client secret', format: 'secret' },
    },
    auth: [
      {
        name: 'oauth',
        type: 'oauth2',
        title: 'Sign in',
        base_url: vendor,
        hosts: [vendor],
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
        authorize: { url: `${vendor}/auth`, scopes: ['openid'], pkce: 'S256' },
        token: { method: 'POST', url: `${vendor}/token`, as: 'form', client: 'body' },
        refresh: { old_token: 'lives' },
      },
      {
        name: 'token',
        type: 'api_key',
        title: 'Token',
        base_url: vendor,
        hosts: [vendor],
        fields: { access_token: { type: 'string', title: 'Token', format: 'secret' } },
        inject: [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }],
      },
    ],
    actions: {
      add: {
        title: 'Add a note',
        input: { type: 'object', properties: { title: { type: 'string', title: 'Title' } }, required: ['title'] },
      },
    },
    streams: { notes: { title: 'All notes', primary_key: ['/id'], modes: ['full'], deletes: 'missing' } },
    events: {
      'notes.added': {
        title: 'Note added',
        schema: { type: 'object', properties: { title: { type: 'string' } } },
        sample: { title: 'x' },
      },
    },
  };
}

const who = `async (ctx) => {
    const answer = await ctx.fetch('/api/me');
    if (!answer.ok) throw new Error('the vendor answered ' + answer.status);
    return { account: (await answer.json()).login };
  }`;

const handlers = (version: string) => `{
  connect: ${who},
  test: ${who},
  actions: {
    async add(ctx, { title }) {
      const body = JSON.stringify({ title: ctx.config.prefix + title });
      const answer = await ctx.fetch('/api/notes', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (!answer.ok) throw new Error('the vendor answered ' + answer.status);
      ctx.log.info('added a note', { title });
      await ctx.emit('notes.added', { title: ctx.config.prefix + title });
      ${version === '1.0.0' ? '' : "await ctx.store.set('added', 1);"}
      return { ...(await answer.json()), by: '${version}' };
    },
  },
  streams: {
    async *notes(ctx, pull) {
      for (let from = pull.cursor?.from ?? 0; from !== null; ) {
        const { notes, next } = await (await ctx.fetch('/api/notes', { query: { from } })).json();
        from = next;
        yield { upserts: notes.map((raw) => ({ raw })), cursor: { from: next ?? 0 } };
      }
    },
  },
}`;

/** One release of it, packed and signed. */
export async function packNotes(vendor: string, version: string, keys: Keys): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-notes-'));
  try {
    return await packed(folder, notesManifest(vendor, version), handlers(version), keys, {
      'CHANGELOG.md': `## ${version}\n\nWhat changed.\n`,
      'screenshots/one.png': png,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
