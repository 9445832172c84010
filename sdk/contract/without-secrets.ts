const masked = '••••';
/** Names whose values are secrets in the APIs that we know; tokens that only turn a page are none. */
const secretName =
  /^(.*[_-])?(password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|authorization|cookie|credentials?|signature|otp)$/i;
const camelName = /(Password|Secret|Token|ApiKey|PrivateKey|Credentials?)$/;
const pageName = /(page|sync|next|prev|previous|continuation|delta|skip|start|cursor)[_-]?token$/i;

/** A copy of JSON data in which texts under a secret's name are masked, also those inside of text that is JSON itself. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return inText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name,
      typeof child === 'string' && child !== '' && isSecret(name) ? masked : withoutSecrets(child),
    ]),
  );
}

function isSecret(name: string): boolean {
  return (secretName.test(name) || camelName.test(name)) && !pageName.test(name);
}

/** A body is text: when it is JSON with a secret in it, it is written anew; else it stays as it was, byte by byte. */
function inText(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const before: unknown = JSON.parse(text);
    const after = JSON.stringify(withoutSecrets(before));
    return after === JSON.stringify(before) ? text : after;
  } catch {
    return text;
  }
}
