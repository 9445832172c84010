import { SandboxError } from '../sandbox-error.ts';
import type { Inspection } from '../types.ts';

/**
 * What a package says of itself, from the process that looked at it. One that was taken over may send what is no JSON, or
 * no inspection. Throws `SandboxError` (`bad_answer`).
 */
export function readInspection(output: string): Inspection {
  try {
    const { manifest, handlers } = JSON.parse(output) as Partial<Inspection>;
    return { manifest, handlers: Array.isArray(handlers) ? handlers.filter((name) => typeof name === 'string') : [] };
  } catch {
    throw new SandboxError({ type: 'bad_answer', message: 'The package says of itself what is no JSON' });
  }
}
