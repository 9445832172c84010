import { base } from './router.ts';

type Json = Record<string, unknown>;

interface Operation {
  summary: string;
  description?: string;
  parameters?: { name: string; in: string; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
  'x-right'?: string;
}

/** The page at `/docs`: the OpenAPI document as plain HTML, with nothing fetched from anywhere and no script. */
export function docsPage(document: Json): string {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas;
  const tags = (document.tags as { name: string }[]).map(({ name }) => name);
  const sections = tags.map((tag) => {
    const entries = Object.entries(paths)
      .filter(([path]) => path.split('/')[1] === tag)
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => entry(method, path, operation)),
      );
    return `<section id="${safe(tag)}"><h2>${safe(tag)}</h2>${entries.join('')}</section>`;
  });
  const shapes = Object.entries(schemas).map(
    ([name, schema]) =>
      `<details id="schema-${safe(name)}"><summary><code>${safe(name)}</code></summary>${json(schema)}</details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Patchbay API</title><link rel="stylesheet" href="/docs/style.css"></head><body>
<header><h1>Patchbay API</h1><p>Every path below is under <code>${base}</code>. The same as data: <a href="${base}/openapi.json">openapi.json</a>. <a href="/docs/problems">What failed, and the way out</a>.</p>
<nav>${tags.map((tag) => `<a href="#${safe(tag)}">${safe(tag)}</a>`).join(' ')} <a href="#schemas">schemas</a></nav></header>
<main>${sections.join('')}<section id="schemas"><h2>schemas</h2>${shapes.join('')}</section></main></body></html>`;
}

export const docsStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:0 auto;padding:1rem}
nav{display:flex;flex-wrap:wrap;gap:.3rem .9rem}details{border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:.4rem;margin:.4rem 0;padding:.4rem .8rem}
summary{cursor:pointer;overflow-wrap:anywhere}.method{display:inline-block;min-width:4.2rem;font-weight:700}.who{opacity:.7;float:right}
pre{overflow:auto;font-size:.85rem}table{border-collapse:collapse}td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top}`;

function entry(method: string, path: string, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place, description, schema }) =>
      `<tr><td><code>${safe(name)}</code></td><td>${safe(place)}</td><td><code>${safe(brief(schema))}</code> ${safe(description ?? '')}</td></tr>`,
  );
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h4>Body: ${safe(type)}</h4>${json(schema)}`,
  );
  const answers = Object.entries(operation.responses)
    .filter(([status]) => /^[23]\d\d$/.test(status))
    .map(([status, { content }]) => {
      const shapes = Object.entries(content ?? {}).map(([type, { schema }]) => {
        const inner = (schema.properties as Json | undefined)?.content ?? schema;
        return `<p>${safe(type)}</p>${json(inner as Json)}`;
      });
      return `<h4>${safe(status)}</h4>${shapes.join('')}`;
    });
  return `<details><summary><span class="method">${safe(method.toUpperCase())}</span> <code>${safe(path)}</code> <span class="who">${safe(operation['x-right'] ?? 'public')}</span><br>${safe(operation.summary)}</summary>
${operation.description ? `<p>${safe(operation.description)}</p>` : ''}${parameters.length > 0 ? `<table>${parameters.join('')}</table>` : ''}${bodies.join('')}${answers.join('')}</details>`;
}

/** A parameter's schema in one line. */
function brief(schema: Json): string {
  const { type, enum: values, default: fallback } = schema as { type?: string; enum?: unknown[]; default?: unknown };
  return `${values ? values.join(' | ') : (type ?? 'value')}${fallback === undefined ? '' : ` = ${String(fallback)}`}`;
}

/** A schema as indented JSON, its references as links. */
function json(schema: Json): string {
  const text = safe(JSON.stringify(schema, null, 2));
  return `<pre>${text.replaceAll(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>')}</pre>`;
}

function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
