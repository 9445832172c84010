import type { Operator } from '../expression.ts';
export const TYPES: Readonly<Record<string, Operator>> = {};
