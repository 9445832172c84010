import type { Actor } from '../../marketplace/parts.ts';
import type { Caller } from '../http/caller.ts';

/** A caller as the registry knows one. */
export function actorOf(caller: Caller): Actor {
  return {
    kind: caller.kind,
    id: caller.id,
    label: caller.label,
    user_id: caller.user_id,
    is_operator: caller.kind === 'user' && caller.site_roles.includes('operator'),
  };
}
