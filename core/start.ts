import { ConfigError, config } from './config.ts';

/** Mistakes of ours: a sentence alone would not help whoever mends them. */
const ours = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Starts the host. Where it cannot, the reason is said on standard error in a sentence and the process ends: with 2 for a
 * wrong environment, else with 1.
 */
export async function start(): Promise<void> {
  try {
    config();
    // Loaded only now: everything below reads the configuration while it loads.
    const { startHost } = await import('./host.ts');
    await startHost();
  } catch (error) {
    const isOurs = !(error instanceof Error) || ours.some((kind) => error instanceof kind);
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else if (isOurs) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    else process.stderr.write(`Patchbay cannot start: ${error.message}\n`);
    process.exit(error instanceof ConfigError ? 2 : 1);
  }
}
