import type { Operator } from '../expression.ts';
export const SETS: Readonly<Record<string, Operator>> = {};
