import type { Trigger } from '../manifest/triggers.ts';
import type { Manifest } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** Triggers emit declared events, write declared streams, and the app's one address can tell integrations apart. */
export function triggerRules(manifest: Manifest): Problem[] {
  return Object.entries(manifest.triggers ?? {}).flatMap(([name, trigger]) => {
    const at = (...tokens: (string | number)[]) => pointerTo('triggers', name, ...tokens);
    return [
      ...declared(trigger.emits, Object.keys(manifest.events ?? {}), 'events', (i) => at('emits', i)),
      ...declared(trigger.writes, Object.keys(manifest.streams ?? {}), 'streams', (i) => at('writes', i)),
      ...routeOf(trigger, manifest, at),
      ...subscriptionOf(trigger, manifest, at),
      ...algorithmsOf(trigger.verify, at('verify')),
    ];
  });
}

const hashes = ['sha256', 'sha512', 'sha1', 'md5'];

/** The hash functions that a signature may be made of; public-key schemes name theirs in other words. */
function algorithmsOf(verify: Trigger['verify'], at: string): Problem[] {
  if ('all' in verify) return verify.all.flatMap((one, i) => algorithmsOf(one, `${at}/all/${i}`));
  if ('choose' in verify)
    return Object.entries(verify.choose).flatMap(([name, one]) =>
      algorithmsOf(one, `${at}${pointerTo('choose', name)}`),
    );
  if ((verify.scheme !== 'hmac' && verify.scheme !== 'hash') || hashes.includes(verify.algorithm)) return [];
  const near = nearest(verify.algorithm.replaceAll('-', ''), hashes);
  const expected = `must be one of ${hashes.map((name) => `"${name}"`).join(', ')}`;
  return [
    problem(
      `${at}/algorithm`,
      'algorithm',
      verify.algorithm,
      expected,
      near ? `write "${near}"` : 'choose one of them',
    ),
  ];
}

type At = (...tokens: (string | number)[]) => string;

function declared(
  names: readonly string[] | undefined,
  known: string[],
  part: string,
  pointer: (i: number) => string,
): Problem[] {
  return (names ?? []).flatMap((name, i) => {
    if (known.includes(name)) return [];
    const near = nearest(name, known);
    const fix = near ? `did you mean "${near}"?` : `add "${name}" to ${part}`;
    return [problem(pointer(i), 'undeclared', name, `is not in ${part}`, fix)];
  });
}

function routeOf({ address, route }: Trigger, { learn = {} }: Manifest, at: At): Problem[] {
  if (address === 'app' && !route) {
    const fix = 'add {"to": "<learned name>", "by": {…}} so that the host knows whose request it is';
    return [problem(at('route'), 'route', undefined, 'is required for "address": "app"', fix)];
  }
  if (address === 'integration' && route) {
    return [problem(at('route'), 'route', undefined, 'has no use for "address": "integration"', 'remove it')];
  }
  if (!route || Object.hasOwn(learn, route.to) || route.to === 'account') return [];
  const near = nearest(route.to, Object.keys(learn));
  const fix = near ? `did you mean "${near}"?` : `add "${route.to}" to learn`;
  return [problem(at('route', 'to'), 'route', route.to, 'names nothing in learn', fix)];
}

function subscriptionOf({ subscription }: Trigger, { streams = {} }: Manifest, at: At): Problem[] {
  if (!subscription) return [];
  const { per, life_s, renew_before_s } = subscription;
  const problems: Problem[] = [];
  if (per !== undefined && !Object.hasOwn(streams, per)) {
    const near = nearest(per, Object.keys(streams));
    const fix = near ? `did you mean "${near}"?` : `add the stream "${per}"`;
    problems.push(problem(at('subscription', 'per'), 'undeclared', per, 'names no stream', fix));
  }
  if (life_s !== undefined && renew_before_s !== undefined && renew_before_s >= life_s) {
    const fix = `write less than ${life_s}`;
    problems.push(
      problem(at('subscription', 'renew_before_s'), 'renewal', renew_before_s, 'must be less than life_s', fix),
    );
  }
  return problems;
}
