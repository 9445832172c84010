import { hostCovers, hostPatternFault } from '../host-pattern.ts';
import type { Auth } from '../manifest/auth.ts';
import type { Manifest } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** Auth entries are told apart by name, their addresses are safe, and no credential goes where nobody consented to. */
export function authRules(manifest: Manifest): Problem[] {
  const { auth = [], integration, exchanges = {} } = manifest;
  const problems: Problem[] = [];
  if (auth.some(({ type }) => type !== 'none') && !integration) {
    const fix = 'add {"type": "…", "category": "…", "service_type": "…"}';
    problems.push(problem('/integration', 'integration', undefined, 'is required beside auth', fix));
  }
  for (const [i, entry] of auth.entries()) {
    const at = (...tokens: (string | number)[]) => pointerTo('auth', i, ...tokens);
    if (auth.findIndex(({ name }) => name === entry.name) < i) {
      problems.push(problem(at('name'), 'auth-twice', entry.name, 'is the name of two auth entries', 'rename one'));
    }
    problems.push(...hostsOf(manifest, entry, at), ...addressesOf(entry, at), ...fieldsOf(entry, at));
    if (entry.exchange !== undefined && !Object.hasOwn(exchanges, entry.exchange)) {
      const near = nearest(entry.exchange, Object.keys(exchanges));
      const fix = near ? `did you mean "${near}"?` : `add "${entry.exchange}" to exchanges`;
      problems.push(problem(at('exchange'), 'exchange', entry.exchange, 'names no entry of exchanges', fix));
    }
  }
  for (const [name, { request }] of Object.entries(exchanges)) {
    problems.push(...address(request.url, pointerTo('exchanges', name, 'request', 'url')));
  }
  return problems;
}

type At = (...tokens: (string | number)[]) => string;

function hostsOf({ permissions = [] }: Manifest, { hosts }: Auth, at: At): Problem[] {
  const allowed = permissions.flatMap((permission) => (permission.name === 'network' ? permission.hosts : []));
  return hosts.flatMap((host, j) => {
    const fault = host.includes('{') ? undefined : hostPatternFault(host);
    if (fault) return [problem(at('hosts', j), 'host', host, fault.expected, fault.fix)];
    if (allowed.some((outer) => hostCovers(outer, host))) return [];
    const fix = `add ${JSON.stringify(host)} to the hosts of a network permission`;
    return [problem(at('hosts', j), 'auth-host', host, 'is not within the network permission', fix)];
  });
}

function addressesOf(entry: Auth, at: At): Problem[] {
  const { base_url, authorize, token, revoke, request, refresh } = entry;
  return [
    ...address(base_url, at('base_url')),
    ...ownHost(entry, at),
    ...(authorize ? address(authorize.url, at('authorize', 'url')) : []),
    ...(token ? address(token.url, at('token', 'url')) : []),
    ...(revoke ? address(revoke.url, at('revoke', 'url')) : []),
    ...(request ? address(request.url, at('request', 'url')) : []),
    ...(typeof refresh === 'object' && refresh.url ? address(refresh.url, at('refresh', 'url')) : []),
  ];
}

/** Relative addresses are against `base_url`: without its host among the hosts, every such request would be refused. */
function ownHost({ base_url, hosts }: Auth, at: At): Problem[] {
  if (base_url.includes('{') || hosts.some((host) => host.includes('{')) || !URL.canParse(base_url)) return [];
  const { host } = new URL(base_url);
  const plain = hosts.map((one) => one.replace(/^https?:\/\/|:443$/g, ''));
  if (plain.some((outer) => hostCovers(outer, host))) return [];
  const fix = `add ${JSON.stringify(host)} to the hosts of this auth`;
  return [
    problem(at('base_url'), 'auth-base', base_url, 'is not at one of the hosts that the credential may go to', fix),
  ];
}

/** A credential travels encrypted; where the whole address is typed in, the host checks it when it is typed. */
function address(url: string, pointer: string): Problem[] {
  if (/^https:\/\/[^/]/.test(url) || /^\{[^}]+\}/.test(url)) return [];
  if (/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(url)) return [];
  return [
    problem(pointer, 'address', url, 'must begin with https:// or with a template', 'write the full https address'),
  ];
}

function fieldsOf({ fields = {} }: Auth, at: At): Problem[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    (field.format === 'secret' || field.format === 'pem') && field.default !== undefined
      ? [problem(at('fields', name, 'default'), 'secret-value', undefined, 'gives away a secret', 'remove the default')]
      : [],
  );
}
