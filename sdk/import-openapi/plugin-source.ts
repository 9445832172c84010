import type { Imported } from './import-openapi.ts';

/** The one generic handler table of an imported plugin. It ships in the plugin, so it is plain JavaScript. */
const handlerSource = `import { VendorError } from '@patchbay/sdk';
import manifest from './plugin.json';
import operations from './operations.json';
import streams from './streams.json';

/** Sends what an operation's plan says; the host adds the credential. A path like \`v1:list\` would read as an address without the dot. */
async function send(ctx, plan, input) {
  const path = plan.path.replace(/\\{([^}]+)\\}/g, (_whole, name) => encodeURIComponent(String(input[name])));
  const headers = {};
  for (const name of plan.header) if (input[name] !== undefined) headers[name] = String(input[name]);
  const body = plan.body && input.body !== undefined ? bodyOf(plan, input.body, headers) : undefined;
  const answer = await ctx.fetch('./' + path.replace(/^\\/+/, ''), { method: plan.method, headers, query: queryOf(plan, input), ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  if (!answer.ok) throw new VendorError(\`\${plan.method} \${plan.path} answered \${answer.status}: \${text.slice(0, 300)}\`, { status: answer.status });
  if (text === '') return null;
  return /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}

const separators = { comma: ',', space: ' ', tab: '\\t', pipe: '|' };
const textOf = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Lists and objects of the query, written as the document wants them. */
function queryOf(plan, input) {
  const query = {};
  for (const name of plan.query) {
    const value = input[name];
    const style = plan.styles?.[name];
    const separator = separators[style];
    // A joined list without entries would be read as one that has an empty text.
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) continue;
    if (typeof value !== 'object') query[name] = value;
    else if (style === 'json') query[name] = JSON.stringify(value);
    else if (separator) query[name] = (Array.isArray(value) ? value : Object.entries(value).flat()).map(textOf).join(separator);
    else if (Array.isArray(value)) query[name] = value.map(textOf);
    else for (const [key, one] of Object.entries(value)) query[style === 'deep' ? name + '[' + key + ']' : key] = textOf(one);
  }
  return query;
}

function bodyOf(plan, body, headers) {
  if (plan.body === 'form' || plan.body === 'multipart') {
    const form = plan.body === 'form' ? new URLSearchParams() : new FormData();
    for (const [name, value] of Object.entries(body)) for (const one of [value].flat()) form.append(name, textOf(one));
    return form;
  }
  const isText = plan.body === 'text' && typeof body === 'string';
  if (plan.type || !isText) headers['content-type'] = plan.type ?? 'application/json';
  return isText ? body : JSON.stringify(body);
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
