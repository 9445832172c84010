import { Failure } from '../../sdk/contract/failure.ts';
import type { Caller } from '../http/caller.ts';
import { isAtLeast, ruleOf } from './rights.ts';

/**
 * Lets a caller with this right pass.
 *
 * @param caller null: nobody signed in
 * @param right a name of `rights`, or `public`
 * @param address the client's; only a right that the host's own machine has (`metrics:read`) looks at it
 * @throws Failure `unauthenticated`, `forbidden` (names the role or scope that is missing)
 */
export function authorise(caller: Caller | null, right: string, address = ''): void {
  if (right === 'public') return;
  const rule = ruleOf(right);
  if (rule.loopback && isLoopback(address)) return;
  if (!caller) {
    throw new Failure('unauthenticated', {
      message:
        'Sign in: send Authorization: Bearer with an access token or an API key, X-API-Key, or the session cookie with X-CSRF-Token.',
    });
  }
  if (rule.person) {
    if (caller.kind === 'user') return;
    throw new Failure('forbidden', { message: 'Only a person can do this, not an API key.' });
  }
  if (caller.kind === 'user' && rule.site?.some((role) => caller.site_roles.includes(role))) return;
  if (caller.kind === 'key') {
    authoriseKey(caller, right, rule);
    return;
  }
  if (!caller.workspace_id && rule.role) {
    throw new Failure('forbidden', {
      message: 'You are a member of no workspace: make one with POST /workspaces, or ask for an invitation.',
    });
  }
  if (rule.role && isAtLeast(caller.role, rule.role)) return;
  const wanted = rule.role
    ? `the role ${rule.role} in this workspace; yours is ${caller.role}`
    : `the site role ${rule.site?.join(' or ')}`;
  throw new Failure('forbidden', { message: `This needs ${wanted}.` });
}

function authoriseKey(caller: Caller, right: string, rule: ReturnType<typeof ruleOf>): void {
  if (rule.whole && caller.project_id !== null) {
    throw new Failure('forbidden', {
      message: 'This API key belongs to one project; this is about the whole workspace.',
    });
  }
  const scopes = caller.scopes ?? [];
  if (rule.scope && scopes.includes(rule.scope)) return;
  if (rule.role && scopes.includes('admin')) return;
  const wanted = [rule.scope, rule.role ? 'admin' : null].filter(Boolean).join(' or ');
  throw new Failure('forbidden', {
    message: wanted ? `This API key needs the scope ${wanted}.` : `No API key can do this (${right}): a person has to.`,
  });
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}
