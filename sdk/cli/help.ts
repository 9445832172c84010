import { UsageError } from './command.ts';
import { summaries } from './commands.ts';

/** What `patchbay help` prints. */
export function overview(): string {
  const longest = Math.max(...Object.keys(summaries).map((name) => name.length));
  const lines = Object.entries(summaries).map(([name, { summary }]) => `  ${name.padEnd(longest)}  ${summary}`);
  return [
    'patchbay <command> [--json]\n',
    ...lines,
    '\n"patchbay help <command>" says more. Exit codes: 0 done, 1 failed, 2 called wrongly.',
    'Environment: PATCHBAY_URL (http://localhost:8093), PATCHBAY_TOKEN, PATCHBAY_SIGNING_KEY, PATCHBAY_HOME.',
  ].join('\n');
}

/** How one command is called. */
export function helpFor(name: string): string {
  const known = Object.hasOwn(summaries, name) ? summaries[name] : undefined;
  if (!known) throw new UsageError(`There is no command "${name}"; see "patchbay help"`);
  return `patchbay ${name} ${known.usage} [--json]\n\n${known.summary.charAt(0).toUpperCase()}${known.summary.slice(1)}.`;
}
