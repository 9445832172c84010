import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { isAddressOrRange } from './address-list.ts';

/** @throws Failure `validation_failed` naming each entry of an allowlist that is neither an address nor a CIDR */
export function checkAddresses(list: readonly string[]): void {
  const errors = list.flatMap((entry, index) =>
    isAddressOrRange(entry)
      ? []
      : [
          {
            pointer: `/ip_allowlist/${index}`,
            message: `${quote(entry)} is neither an address nor a CIDR such as 192.0.2.0/24`,
            keyword: 'format',
            params: { format: 'cidr' },
          },
        ],
  );
  if (errors.length > 0) throw new Failure('validation_failed', { content: { errors } });
}
