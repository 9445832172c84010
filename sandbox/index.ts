/** The sandbox: runs code that nobody trusts. See README.md for what it promises. */
export type * from './types.ts';
