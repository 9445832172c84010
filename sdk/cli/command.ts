import type { ParseArgsOptionsConfig } from 'node:util';

/** What a command hears: its options, what stands beside them, and the folder it was called in. */
export interface Call {
  options: Record<string, string | boolean | undefined>;
  words: string[];
  folder: string;
  /** A line of progress, on standard error; silent with `--json`. */
  tell(line: string): void;
  /** Something of many, as it comes, on standard output: the text, or with `--json` a line with the data. */
  show(text: string, data: object): void;
}

/** How a command ended. `result` is what `--json` prints, `text` what a person reads. */
export interface Outcome {
  ok?: boolean;
  result: object;
  text: string;
}

/** One command. `commands.ts` says its usage and summary. */
export interface Command {
  options?: ParseArgsOptionsConfig;
  run(call: Call): Promise<Outcome>;
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The text of an option, or the fallback. */
export function textOption(call: Call, name: string, fallback?: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : fallback;
}
