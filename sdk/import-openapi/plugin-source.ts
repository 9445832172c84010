import type { Imported } from './import-openapi.ts';

/** The one generic handler table of an imported plugin. It ships in the plugin, so it is plain JavaScript. */
const handlerSource = `import { VendorError } from '@patchbay/sdk';
import manifest from './plugin.json';
import operations from './operations.json';

/** Sends what an operation's plan says; the host adds the credential. */
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
  const answer = await ctx.fetch(path.replace(/^\\/+/, ''), { method: plan.method, headers, query: pick(plan.query), ...(body === undefined ? {} : { body }) });
  const text = await answer.text();
  if (!answer.ok) throw new VendorError(\`\${plan.method} \${plan.path} answered \${answer.status}: \${text.slice(0, 300)}\`, { status: answer.status });
  if (text === '') return null;
  return /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text;
}

export default {
  manifest,
  handlers: {
    actions: Object.fromEntries(Object.entries(operations).map(([name, plan]) => [name, (ctx, input) => send(ctx, plan, input ?? {})])),
  },
};
`;

/** The files of an imported plugin, by path. */
export function pluginSource({ manifest, operations, left_out, notes }: Imported): Record<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;
  const actions = Object.keys(manifest.actions ?? {});
  const readme = [
    `# ${manifest.name}`,
    '',
    `Made from an OpenAPI document by \`patchbay import-openapi\`: ${actions.length} actions.`,
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
    'plugin.js': handlerSource,
    'README.md': readme,
  };
}
