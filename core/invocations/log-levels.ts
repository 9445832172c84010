/** From the least to the gravest. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
