import { Failure } from '../../sdk/contract/failure.ts';

/** The failure that something ends with; anything else that it throws, or success, fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (caught: unknown) => caught,
  );
  if (!(error instanceof Failure)) throw error;
  return error;
}

/** The stable word of a refusal. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  const { content } = await failureOf(promise);
  return (content as { reason?: string }).reason;
}
