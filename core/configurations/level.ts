import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { typeOf } from '../../sdk/contract/stranger/type-of.ts';
import { secretNames, secretPlace } from '../invocations/settings.ts';
import { seal, unseal } from '../vault/vault.ts';
import { maskedSecret, wrongSetting } from './check-values.ts';
import type { Configuration, SealedSetting } from './model.ts';

/** What a level says, in the two halves in which it is stored. */
export type Said = Pick<Configuration, 'values_text' | 'secrets'>;
type Place = Pick<Configuration, '_id' | 'workspace_id'>;

/** What an earlier word of a level, and the level below it, hold of a secret. */
export interface EarlierSecrets {
  own: readonly SealedSetting[];
  /** names of the secrets that the workspace has set for all projects */
  inherited: readonly string[];
}

/**
 * Parts what is sealed from what is not. A masked secret keeps what was sealed here, or stays what the workspace says.
 *
 * @throws Failure `configuration_invalid` for a secret that is no text, or masked where there is nothing to keep
 */
export function partSecrets(
  manifest: Pick<Manifest, 'configuration'>,
  place: Place,
  given: Record<string, unknown>,
  earlier: EarlierSecrets,
  language?: Language,
): Said {
  const names = secretNames(manifest);
  const values: [string, unknown][] = [];
  const secrets: SealedSetting[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!names.has(name)) {
      values.push([name, value]);
    } else if (value === maskedSecret) {
      const known = earlier.own.find((secret) => secret.name === name);
      if (known) secrets.push({ name, sealed: known.sealed });
      else if (!earlier.inherited.includes(name)) throw wrongSetting(name, 'masked', {}, language);
    } else if (typeof value === 'string') {
      secrets.push({ name, sealed: seal(value, secretPlace(place, name)) });
    } else {
      throw wrongSetting(name, 'type', { type: 'string', seen: typeOf(value) }, language);
    }
  }
  return { values_text: JSON.stringify(Object.fromEntries(values)), secrets };
}

/**
 * What a level says, as another release takes it: a value that is a secret there is sealed; a secret that is none there
 * is dropped, since a release must not get to see one by no longer calling it secret.
 */
export function conform(level: Said & Place, manifest: Pick<Manifest, 'configuration'>): Said {
  const names = secretNames(manifest);
  const kept = level.secrets.filter(({ name }) => names.has(name));
  const { values_text, secrets } = partSecrets(manifest, level, valuesOf(level), { own: kept, inherited: [] });
  const sealedNow = secrets.map(({ name }) => name);
  return { values_text, secrets: [...kept.filter(({ name }) => !sealedNow.includes(name)), ...secrets] };
}

/** Every value of a level, secrets in the clear: for the check only. */
export function opened(level: Said & Place): Record<string, unknown> {
  const secrets = level.secrets.map(({ name, sealed }) => [name, unseal(sealed, secretPlace(level, name))]);
  return { ...valuesOf(level), ...Object.fromEntries(secrets) };
}

/** A level as answers, audit and history show it: that a secret is set, never what it is. */
export function shownValues(level: Said, manifest: Pick<Manifest, 'configuration'>): Record<string, unknown> {
  const secret = [...secretNames(manifest), ...level.secrets.map(({ name }) => name)];
  const shown = Object.entries(valuesOf(level)).map(([name, value]) => [
    name,
    secret.includes(name) ? maskedSecret : value,
  ]);
  return { ...Object.fromEntries(shown), ...Object.fromEntries(level.secrets.map(({ name }) => [name, maskedSecret])) };
}

/** What a level says but for its secrets. */
export function valuesOf({ values_text }: Pick<Said, 'values_text'>): Record<string, unknown> {
  return JSON.parse(values_text) as Record<string, unknown>;
}

/** The errors of a refused configuration; anything else is thrown on. */
export function errorsOf(error: unknown): { pointer: string; message: string }[] {
  if (!(error instanceof Failure)) throw error;
  const { errors } = error.content as { errors?: { pointer: string; message: string }[] };
  const told = errors?.map(({ pointer, message }) => ({ pointer, message }));
  return told ?? [{ pointer: '/configuration', message: error.message }];
}
