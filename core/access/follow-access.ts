import { Failure } from '../../sdk/contract/failure.ts';
import type { Caller } from '../http/caller.ts';
import { type Ask, callerOfKey, callerOfPerson, keyIn, sessionOf } from './authenticate.ts';
import { authorise } from './authorise.ts';
import { findPerson, findSession } from './find-person.ts';

/**
 * Makes what tells later whether a caller may still read an answer that goes on: no longer once signed out, taken out of
 * the workspace, given a lesser role, or with a key that was revoked. An access token that runs out meanwhile ends nothing;
 * its session does.
 *
 * @param right what the route asks for
 */
export async function followAccess(caller: Caller, right: string, ask: Ask): Promise<() => Promise<boolean>> {
  const key = keyIn(ask.headers);
  const session_id = key === null ? await sessionOf(ask.headers) : null;
  const there = { ...ask, headers: { ...ask.headers, 'x-workspace-id': caller.workspace_id } };
  const again = async () => {
    if (key !== null) return callerOfKey(key, there);
    const isOver = session_id !== null && !(await findSession(session_id));
    return isOver ? null : callerOfPerson(await findPerson(caller.user_id), there, null);
  };
  return async () => {
    try {
      authorise(await again(), right);
      return true;
    } catch (error) {
      // That it cannot be asked just now says nothing of the caller; the next look will tell.
      return !(error instanceof Failure) || error.status >= 500;
    }
  };
}
