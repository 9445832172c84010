import type { Operator } from '../expression.ts';
export const DATES: Readonly<Record<string, Operator>> = {};
