import type { Operator } from '../expression.ts';
export const ARRAYS: Readonly<Record<string, Operator>> = {};
