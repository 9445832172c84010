export { batch } from './batch.ts';
export { backoff, pause, type RetryOptions, retry } from './retry.ts';
export { type ThrottleOptions, throttle } from './throttle.ts';
