import { type AcceptOptions, accepts, type Check } from '../../sdk/contract/accepts.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { settingFields } from '../invocations/settings.ts';

// A plugin's schema is data: the type that `accepts` would infer from it is of no use here.
const checkOf: (schema: object, options?: AcceptOptions) => Check<unknown> = accepts;

/** What reads instead of a secret; writing it back keeps the secret. */
export const maskedSecret = '••••';

/** Names of the settings whose values are sealed. */
export function secretNames(manifest: Pick<Manifest, 'configuration'>): Set<string> {
  return new Set(
    Object.entries(settingFields(manifest))
      .filter(([, field]) => typeof field === 'object' && field.format === 'secret')
      .map(([name]) => name),
  );
}

/**
 * Checks settings against the manifest's schema.
 *
 * @param given every value, secrets in the clear, as the plugin would see them all together
 * @param isPart true for one level of two: what is required may then be said by the other level
 * @throws Failure `configuration_invalid`, with pointers below `/configuration`
 */
export function checkValues(
  manifest: Pick<Manifest, 'configuration'>,
  given: Record<string, unknown>,
  isPart: boolean,
  language: Language = 'en',
): void {
  const schema = (manifest.configuration ?? { type: 'object', additionalProperties: false }) as object;
  const checked = checkOf(isPart ? withoutRequired(schema) : schema)(given, language);
  if (checked.ok) return;
  const secrets = secretNames(manifest);
  throw new Failure('configuration_invalid', {
    content: {
      errors: checked.errors.map(({ pointer, message, keyword, params }) => ({
        pointer: `/configuration${pointer}`,
        message,
        keyword,
        params: secrets.has(pointer.split('/')[1] ?? '') ? {} : params,
      })),
    },
  });
}

const parts = new WeakMap<object, object>();

/** The schema without its top-level `required`; the same object each time, so that it is compiled once. */
function withoutRequired(schema: object): object {
  const known = parts.get(schema);
  if (known) return known;
  const { required: _, ...part } = schema as { required?: unknown };
  parts.set(schema, part);
  return part;
}
