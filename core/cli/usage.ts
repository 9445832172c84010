/**
 * Prints how a command is called: to standard output when asked for (`--help`), to standard error when it was called wrongly.
 *
 * @returns the exit code: 0 or 2
 */
export function tellUsage(usage: string, args: readonly string[]): 0 | 2 {
  const asked = args.includes('--help');
  process[asked ? 'stdout' : 'stderr'].write(usage);
  return asked ? 0 : 2;
}

/** Says in one line what went wrong. @returns the exit code 1 */
export function tellFailure(error: unknown): 1 {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}
