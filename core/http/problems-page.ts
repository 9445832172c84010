import { failures } from '../../sdk/contract/failures.ts';
import { type Problem, problems } from '../../sdk/contract/problems.ts';

/** Where a failure, or a problem that has an entry of its own, is explained. Below the root, not the API's base path. */
export function problemPath(name: string): string {
  return `/docs/problems#${name}`;
}

/** The page at `/docs/problems`: every failure that the host can answer with, and every problem that has a way out. */
export function problemsPage(): string {
  const entries = Object.entries<Problem>(problems).map(
    ([name, { title, why, way_out }]) =>
      `<section id="${name}"><h3>${safe(title)}</h3><p>${safe(why)}</p><ul>${way_out.map((one) => `<li>${safe(one)}</li>`).join('')}</ul></section>`,
  );
  const names = Object.entries(failures).map(
    ([name, { code, status, messages }]) =>
      `<tr id="${name}"><td><code>${code}</code></td><td>${status}</td><td>${safe(messages.en)}</td><td lang="zh-Hans">${safe(messages['zh-Hans'])}</td><td lang="zh-Hant">${safe(messages['zh-Hant'])}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Patchbay: what failed, and the way out</title><link rel="stylesheet" href="/docs/style.css"></head><body>
<header><h1>What failed, and the way out</h1><p>Each answer of a failure links here. <a href="/docs">The API</a></p></header>
<main>${entries.join('\n')}<h2>Codes</h2><table><tr><th>Code</th><th>HTTP</th><th colspan="3">Meaning</th></tr>${names.join('')}</table></main></body></html>`;
}

function safe(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
