import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { asText } from '../credentials/read-ref.ts';
import type { IntegrationDoc } from './model.ts';

/** One of the places at the vendor that a token opens: a site, a data centre, a customer. */
export interface Choice {
  id: string;
  title: string;
  metadata: Record<string, unknown>;
}

const most = 500;

/** What a plugin's `connect` offers to choose from; `null` when it answered an account. Ids must differ. */
export function choicesIn(answer: unknown): Choice[] | null {
  const offered = (answer as { choose?: unknown } | null)?.choose;
  if (!Array.isArray(offered)) return null;
  const choices = new Map<string, Choice>();
  for (const one of offered.slice(0, most) as { id?: unknown; title?: unknown; metadata?: unknown }[]) {
    const id = asText(one?.id);
    if (id === undefined) continue;
    const metadata = typeof one.metadata === 'object' && one.metadata !== null ? one.metadata : {};
    choices.set(id, { id, title: asText(one.title) ?? id, metadata: { ...metadata } });
  }
  return [...choices.values()];
}

/** The one that needs no asking: the only one, or the one that was chosen before. */
export function settledChoice(choices: readonly Choice[], before: string | null): Choice | null {
  return (choices.length === 1 ? choices[0] : choices.find(({ id }) => id === before)) ?? null;
}

/**
 * The choice that a person made.
 *
 * @throws Failure `validation_failed` at `/choice`
 */
export function choiceOf(integration: Pick<IntegrationDoc, 'choices'>, id: string): Choice {
  const choices = integration.choices ?? [];
  const found = choices.find((one) => one.id === id);
  if (found) return found;
  const ids = choices.map((one) => one.id);
  const near = nearest(id, ids);
  const message =
    ids.length === 0
      ? 'there is nothing to choose: connect the account first'
      : `${quote(id)} is not among the choices${near ? `; did you mean ${near}?` : `; they are ${ids.slice(0, 20).join(', ')}`}`;
  throw new Failure('validation_failed', {
    content: { errors: [{ pointer: '/choice', message, keyword: 'enum', params: {} }] },
  });
}
