/** The sandbox: runs code that nobody trusts. See README.md for what it promises. */
export { judgeFetch } from './capabilities/fetch.ts';
export { visibleProject } from './capabilities/project.ts';
export { CALL_LIMITS, JOB_LIMITS, lowestLimits } from './limits.ts';
export { createSandbox } from './pool/create-sandbox.ts';
export { type Difference, type Recording, type Replayed, replay } from './replay.ts';
export { SandboxError } from './sandbox-error.ts';
export type * from './types.ts';
