/**
 * Makes work run one at a time: asked for while it runs, it runs once more afterwards, however often it was asked for.
 * A poll that does not wait for the last one piles its commands up when the database is slow, until all that it does
 * is answer questions of minutes ago.
 *
 * @param failed is told what the work threw
 */
export function oneAtATime(work: () => Promise<unknown>, failed: (error: unknown) => void): () => void {
  let running = false;
  let again = false;
  return function ask() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    void work()
      .catch(failed)
      .finally(() => {
        running = false;
        if (!again) return;
        again = false;
        ask();
      });
  };
}
