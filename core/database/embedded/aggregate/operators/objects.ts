import type { Operator } from '../expression.ts';
export const OBJECTS: Readonly<Record<string, Operator>> = {};
