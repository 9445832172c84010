import { start } from '../start.ts';

/** Runs the host until it is told to stop; the same as `npm start`. */
export async function run(): Promise<number> {
  await start();
  return 0;
}
