import type { NetworkGrant } from '../../sandbox/types.ts';
import { parseTemplate } from '../../sdk/contract/template.ts';
import { fill, type Values } from './template-values.ts';

/**
 * Resolves host templates (`{config.host}`, `*.{credential.domain}`) to the forms a network grant has: `host`,
 * `*.host`, `host:port`, `http://host:port`. A setting may hold a whole address; its scheme, host and port count.
 * A template whose value is missing, or does not make a host, names no host at all: nothing is granted by it.
 */
export function resolveHosts(templates: readonly string[], values: Values): string[] {
  return templates.flatMap((template) => {
    if (parseTemplate(template).every((part) => typeof part === 'string')) return [template];
    let text: string;
    try {
      text = fill(template, values);
    } catch {
      return [];
    }
    const host = hostForm(text);
    // A star may be written by the plugin's author, where the admin sees it, but never come from a value.
    return host !== null && host.includes('*') === template.includes('*') ? [host] : [];
  });
}

/** `https://a.b/c` → `a.b`, `http://a.b:81` → `http://a.b:81`, `a.b:444` → itself; `null` when it is no host. */
function hostForm(text: string): string | null {
  const given = /^([a-z]+):\/\//i.test(text) ? text : `https://${text}`;
  const wild = /^(https?:\/\/)\*\./i.exec(given);
  const url = URL.parse(wild ? given.replace('*.', 'any.') : given);
  if (!url || url.username || url.password || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  if (!/^([a-z]+):\/\//i.test(text) && (url.pathname !== '/' || url.search || url.hash)) return null;
  const host = wild ? url.host.replace(/^any\./, '*.') : url.host;
  return url.protocol === 'http:' ? `http://${host}${url.port ? '' : ':80'}` : host;
}

/** The network grants of an installation with their hosts resolved for one integration's values. */
export function resolveNetworkGrants(grants: readonly unknown[], values: Values): NetworkGrant[] {
  return grants
    .filter((grant): grant is NetworkGrant => (grant as { name?: unknown }).name === 'network')
    .map((grant) => ({ ...grant, hosts: resolveHosts(grant.hosts, values) }));
}
