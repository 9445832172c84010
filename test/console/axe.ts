import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds wrong with the page as it stands: `rule: element`, with the rules of WCAG 2.2 A and AA and axe's own
 * best practices.
 */
export async function violations(page: Page): Promise<string[]> {
  // By the debugger and not as a script of the page: the policy forbids those, and holds.
  if (!(await page.evaluate('Boolean(window.axe)'))) await page.evaluate(`${source};undefined`);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary?.split('\n')[1] ?? ''}`),
  );
}
