import { Failure } from '../../sdk/contract/failure.ts';
import { pointerTo } from '../../sdk/contract/pointer.ts';
import { quote } from '../../sdk/contract/quote.ts';

/**
 * Refuses field names that a document database reads as operators or paths, at any depth.
 *
 * @throws Failure `validation_failed` with the pointer of the first such name
 */
export function plainNames(base: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    if (!Array.isArray(value) && (name.startsWith('$') || name.includes('.') || name.includes('\0'))) {
      const pointer = base + pointerTo(name);
      throw new Failure('validation_failed', {
        content: {
          errors: [
            {
              pointer,
              message: `the name ${quote(name)} may not begin with $ or hold a dot`,
              keyword: 'propertyNames',
              params: {},
            },
          ],
        },
      });
    }
    plainNames(base + pointerTo(name), child);
  }
}
