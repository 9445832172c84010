import { isSealed } from '../vault/sealed-text.ts';

const masked = '••••';
const secretName =
  /^(password|passphrase|secret|.*_secret|token|.*_token|api_key|.*_private_key|private_key|credential|credentials|auth_config|authorization|cookie|totp|recovery_codes|signing_key|.*_hash|hash|sealed)$/;

/**
 * A copy for the audit log in which secrets are `••••`: whatever stands under a secret's name, and every sealed text.
 * Deeper than 12 levels is cut.
 */
export function mask(value: unknown, depth = 0): unknown {
  if (isSealed(value)) return masked;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  if (depth >= 12) return '…';
  if (Array.isArray(value)) return value.map((child) => mask(child, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      secretName.test(name) && child !== null && child !== undefined ? masked : mask(child, depth + 1),
    ]),
  );
}
