/** How much work one check of a stranger's schema may be: rules looked at, and characters times length of a pattern. */
export const checkLimits = { steps: 500_000, pattern: 6_000_000 } as const;

/** What is left of the work that one check may be. */
export interface Budget {
  steps: number;
  pattern: number;
}

/** The check was ended because it would have been too much work. `pointer` is the value that it had reached. */
export class TooMuchError extends Error {
  override readonly name = 'TooMuchError';
  readonly pointer: string;
  constructor(pointer: string) {
    super('the value is too much to check against this schema');
    this.pointer = pointer;
  }
}

export function newBudget(): Budget {
  return { ...checkLimits };
}

/** @throws TooMuchError when nothing is left */
export function spend(budget: Budget, steps: number, pointer: string): void {
  budget.steps -= steps;
  if (budget.steps < 0) throw new TooMuchError(pointer);
}

/**
 * The linear engine takes about 60 ns for each character of the text and each of the pattern: 800 characters of pattern
 * on 100 kB of text were measured at five seconds, which no clock of ours interrupts. A counted group is written out.
 *
 * @throws TooMuchError before the expression is run
 */
export function spendOnPattern(budget: Budget, pattern: string, text: string, pointer: string): void {
  budget.pattern -= text.length * pattern.length * (pattern.includes('{') ? 16 : 1);
  if (budget.pattern < 0) throw new TooMuchError(pointer);
}
