import { config } from '../config.ts';

/** Runs the host until it is told to stop; the same as `npm start`. */
export async function run(): Promise<number> {
  config();
  const { startHost } = await import('../host.ts');
  await startHost();
  return 0;
}
