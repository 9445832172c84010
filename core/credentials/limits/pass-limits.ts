import type { Budget } from './slots.ts';
import { type Turn, vendorTurn } from './turn.ts';

/** The turns that a request holds under the limits it counts against, one hop after the other. */
export interface Passage {
  /** Waits for a turn under each budget, for the next hop; the one before is over. @throws BrokerError */
  enter(budgets: readonly Budget[]): Promise<void>;
  /** No hop is on its way any more. */
  leave(): void;
}

/**
 * A request's way through the vendor's limits.
 *
 * @param about.project for fairness between projects
 * @param about.flight_ms how long a hop may be on its way at most
 */
export function passLimits(about: { project: string; flight_ms: number; signal?: AbortSignal | undefined }): Passage {
  let held: Turn[] = [];
  const leave = () => {
    for (const turn of held) turn.over();
    held = [];
  };
  return {
    leave,
    async enter(budgets) {
      leave();
      const taken: Turn[] = [];
      try {
        for (const budget of budgets) taken.push(await vendorTurn(budget, about));
      } catch (error) {
        for (const turn of taken) turn.unused();
        throw error;
      }
      held = taken;
    },
  };
}
