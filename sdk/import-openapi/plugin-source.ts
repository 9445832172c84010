import type { Imported } from './import-openapi.ts';

/** The one generic handler table of an imported plugin. It ships in the plugin, so it is plain JavaScript. */
const handlerSource = `import { VendorError } from '@patchbay/sdk';
import manifest from './plugin.json';
import operations from './operations.json';
import streams from './streams.json';

/** Sends what an operation's plan says; the host adds the credential. A path like \`v1:list\` would read as an address without the dot. */
async function send(ctx, plan, input) {
  const path = plan.path.replace(/\\{([^}]+)\\}/g, (_whole, name) => encodeURIComponent(String(input[name])));
  const pick = (names) => Object.fromEntries(names.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
  const headers = Object.fromEntries(Object.entries(pick(plan.header)).map(([name, value]) => [name, String(value)]));
  let body;
  if (plan.body && input.body !== undefined) {
    if (plan.body === 'json') {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(input.body);
    } else if (plan.body === 'form') body = new URLSearchParams(Object.entries(input.body).map(([name, value]) => [name, String(value)]));
    else body = typeof input.body === 'string' ? input.body : JSON.stringify(input.body);
  }
  const answer = await ctx.fetch('./' + path.replace(/^\\/+/, ''), { method: plan.method, headers, query: pick(plan.query), ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  if (!answer.ok) throw new VendorError(\`\${plan.method} \${plan.path} answered \${answer.status}: \${text.slice(0, 300)}\`, { status: answer.status });
  if (text === '') return null;
  return /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}

/** What a pointer of the plan leads to. */
const at = (value, pointer) => pointer.split('/').slice(1).reduce((found, name) => found?.[name], value);

/** Turns the pages of a list operation; the cursor is the page to come, and null when all were read. */
async function* pull(ctx, plan, { cursor }) {
  let turn = cursor ?? { page: 1, offset: 0 }[plan.by];
  for (;;) {
    const query = { ...plan.query, ...(turn === undefined || turn === null ? {} : { [plan.param]: turn }) };
    const answer = await ctx.fetch('./' + plan.path.replace(/^\\/+/, ''), { query });
    if (!answer.ok) throw new VendorError(\`GET \${plan.path} answered \${answer.status}\`, { status: answer.status });
    const body = await answer.json();
    const items = at(body, plan.items) ?? [];
    const isLast = items.length === 0 || (plan.size !== undefined && items.length < plan.size);
    const next = plan.by === 'token' ? at(body, plan.next) || null : isLast ? null : turn + (plan.by === 'page' ? 1 : items.length);
    yield { upserts: items.map((raw) => ({ raw })), cursor: next };
    if (next === null || next === turn) return;
    turn = next;
  }
}

export default {
  manifest,
  handlers: {
    streams: Object.fromEntries(Object.entries(streams).map(([name, plan]) => [name, (ctx, asked) => pull(ctx, plan, asked)])),
    actions: Object.fromEntries(Object.entries(operations).map(([name, plan]) => [name, (ctx, input) => send(ctx, plan, input ?? {})])),
  },
};
`;

/** The files of an imported plugin, by path. */
export function pluginSource({ manifest, operations, streams, left_out, notes }: Imported): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;
  const actions = Object.keys(manifest.actions ?? {});
  const readme = [
    `# ${manifest.name}`,
    '',
    `Made from an OpenAPI document by \`patchbay import-openapi\`: ${actions.length} actions, ${Object.keys(streams).length} streams.`,
    '',
    ...notes.map((note) => `- ${note}`),
    '',
    ...(left_out.length > 0
      ? ['## Left out', '', ...left_out.map(({ operation, reason }) => `- \`${operation}\`: ${reason}`), '']
      : []),
  ].join('\n');
  return {
    'plugin.json': json(manifest),
    'operations.json': json(operations),
    'streams.json': json(streams),
    'plugin.js': handlerSource,
    'README.md': readme,
  };
}
