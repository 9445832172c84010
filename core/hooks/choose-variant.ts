import { Failure } from '../../sdk/contract/failure.ts';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';

/**
 * The variant of a `choose` that a hook is proved by from now on. A request can never pick it.
 *
 * @throws Failure validation_failed for one that the manifest does not have
 */
export function chosen(trigger: Pick<Trigger, 'verify'>, choice: string): string {
  const names = 'choose' in trigger.verify ? Object.keys(trigger.verify.choose) : [];
  if (names.includes(choice)) return choice;
  const near = nearest(choice, names);
  const have = names.length === 0 ? 'this trigger has none to choose from' : `one of ${names.join(', ')}`;
  const message = `${quote(choice)} is no way to prove requests: ${have}${near ? `; did you mean ${near}?` : ''}`;
  const error = { pointer: '/choice', message, keyword: 'enum', params: { nearest: near ?? null } };
  throw new Failure('validation_failed', { content: { errors: [error] } });
}
