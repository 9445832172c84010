import { TemplateError } from '../../sdk/contract/template.ts';
import { EgressError } from '../egress/egress-error.ts';
import { BrokerError } from './broker-scope.ts';
import { TokenError } from './tokens/token-error.ts';

const egressCodes: Record<string, BrokerError['code']> = {
  bad_url: 'bad_request',
  bad_request: 'bad_request',
  address_refused: 'denied',
  timeout: 'timeout',
  too_large: 'too_large',
  cancelled: 'cancelled',
};

/** Errors in words that may cross: no address that a name resolved to, no secret. */
export function crossingError(error: unknown): unknown {
  if (error instanceof EgressError) {
    const message =
      error.code === 'address_refused'
        ? 'That address is not on the public internet: the plugin’s network permission needs `private: true`, and an operator must open the address with PATCHBAY_EGRESS_ALLOW'
        : error.message;
    return new BrokerError(egressCodes[error.code] ?? 'network', message, { cause: error });
  }
  if (error instanceof TokenError)
    return new BrokerError(
      error.code === 'no_answer' ? 'network' : 'reconnect',
      'A new access token could not be got',
      {
        cause: error,
      },
    );
  if (error instanceof TemplateError)
    return new BrokerError('bad_request', `${error.message}: ${error.fix}`, { cause: error });
  if (error instanceof Error && error.name === 'AbortError')
    return new BrokerError('cancelled', 'The call ended', { cause: error });
  return error;
}
