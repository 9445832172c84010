import type { Operator } from '../expression.ts';
export const STRINGS: Readonly<Record<string, Operator>> = {};
