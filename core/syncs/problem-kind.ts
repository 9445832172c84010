import type { CallError } from '../../sandbox/types.ts';
import type { Failure } from '../../sdk/contract/failure.ts';

/** Whose fault a failed pass is: the account's, the vendor's, the plugin's, or ours. */
export function problemKind(cause: Partial<CallError>, error: Failure): string {
  if (cause.name === 'Reconnect' || /\breconnect\b/i.test(cause.message ?? '')) return 'auth';
  if (cause.name === 'VendorError' || cause.name === 'Gone') return 'vendor';
  return error.name === 'plugin_timeout' || cause.type !== undefined ? 'plugin' : 'host';
}
