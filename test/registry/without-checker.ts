import { createMarketplace, type Marketplace } from '../../marketplace/index.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { failureOf } from './failure-of.ts';
import { author } from './parts.ts';

/**
 * Publishes a package so many times, twenty at once, while what loads it for the check is down.
 *
 * @returns the codes with which that was refused, each once
 */
export async function uploadWithoutChecker(market: Marketplace, bytes: Buffer, count: number): Promise<string[]> {
  const down = createMarketplace({
    ...market.parts,
    load: async () => {
      throw new Failure('service_unavailable');
    },
  });
  const codes = new Set<string>();
  let left = count;
  const upload = async () => {
    while (left > 0) {
      left -= 1;
      codes.add((await failureOf(down.publish(author, { bytes }))).code);
    }
  };
  await Promise.all(Array.from({ length: 20 }, upload));
  return [...codes];
}
