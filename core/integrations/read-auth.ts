import { Failure } from '../../sdk/contract/failure.ts';
import type { Auth } from '../../sdk/contract/manifest/auth.ts';
import type { Fields } from '../../sdk/contract/manifest/shapes.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import type { Credential } from '../credentials/credential.ts';

/** What an `auth_config` came to: which of the manifest's ways to authorise, and the credential. */
export interface ReadAuth {
  auth: Auth;
  credential: Credential;
  /** enough is there to call the vendor with */
  is_complete: boolean;
  scopes: string[];
  expires_at: Date | null;
}

/** Fields of `auth_config` that are about the credential, not in it. */
const about = ['auth_type', 'name', 'scopes', 'scope', 'expires_at', 'expires_in', 'token_encrypted', 'account'];
/** Older clients write these in camel case. */
const twins: Record<string, string> = {
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  expiresAt: 'expires_at',
  apiKey: 'api_key',
  authType: 'auth_type',
  clientId: 'client_id',
  clientSecret: 'client_secret',
};
const tokenFields = ['access_token', 'refresh_token', 'token_type', 'id_token', 'oauth_token', 'oauth_token_secret'];

/**
 * Reads an `auth_config` against the ways that the manifest offers. A token may be given ready-made for any kind that
 * ends in one; app fields (`client_id` …) given here belong to this integration alone.
 *
 * @throws Failure `validation_failed` with pointers below `/auth_config`
 */
export function readAuth(manifest: Manifest, given: Record<string, unknown>): ReadAuth {
  const config = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [Object.hasOwn(twins, name) ? twins[name] : name, value]),
  );
  const auth = chooseAuth(manifest, config);
  const fields = fieldsOf(auth);
  const app = manifest.app ?? {};
  const values: Record<string, string> = {};
  const own: Record<string, string> = {};
  const errors: { pointer: string; message: string; keyword: string; params: object }[] = [];
  const wrong = (name: string, message: string, keyword: string) =>
    errors.push({
      pointer: `/auth_config/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      message,
      keyword,
      params: {},
    });

  for (const [name, value] of Object.entries(config)) {
    if (about.includes(name)) continue;
    // Older clients send what they do not have as nothing.
    if ((value === null || value === '') && name !== 'access_token' && tokenFields.includes(name)) continue;
    const isField = Object.hasOwn(fields, name) || tokenFields.includes(name);
    const isKnown = isField || Object.hasOwn(app, name) || ['client_id', 'client_secret'].includes(name);
    if (!isKnown) {
      wrong(
        name,
        `is not a field of this kind; it takes ${Object.keys(fields).join(', ') || 'access_token'}`,
        'additionalProperties',
      );
    } else if (!['string', 'number', 'boolean'].includes(typeof value) || String(value).length > 20_000) {
      wrong(name, 'must be a text', 'type');
    } else if (value === '' && !(Object.hasOwn(fields, name) && fields[name]?.optional)) {
      wrong(name, 'must not be empty', 'minLength');
    } else if (isField) values[name] = String(value);
    else own[name] = String(value);
  }
  takeToken(values, fields);
  for (const [name, field] of Object.entries(fields)) {
    if (values[name] === undefined && field.default !== undefined) values[name] = String(field.default);
    const value = values[name];
    if (value === undefined) continue;
    if (field.pattern && !new RegExp(field.pattern).test(value)) wrong(name, `must fit ${field.pattern}`, 'pattern');
    if (field.enum && !field.enum.map(String).includes(value))
      wrong(name, `must be one of ${field.enum.join(', ')}`, 'enum');
  }
  const scopes = scopesIn(config.scopes ?? config.scope);
  if (!scopes) wrong(config.scopes === undefined ? 'scope' : 'scopes', 'must be a list of texts, or one text', 'type');
  const expires_at = expiryIn(config);
  if (expires_at && Number.isNaN(Number(expires_at)))
    wrong(
      config.expires_at == null ? 'expires_in' : 'expires_at',
      config.expires_at == null
        ? 'must be a number of seconds'
        : 'must be a time, such as "2026-01-31T09:00:00Z", or seconds or milliseconds since 1970',
      'format',
    );
  if (errors.length > 0) throw new Failure('validation_failed', { content: { errors } });
  return {
    auth,
    credential: { values, ...(Object.keys(own).length > 0 ? { app: own } : {}) },
    is_complete: isComplete(auth, values),
    scopes: scopes ?? [],
    expires_at,
  };
}

function chooseAuth(manifest: Manifest, config: Record<string, unknown>): Auth {
  const all = manifest.auth ?? [];
  const named = all.find(({ name }) => name === config.name);
  if (named) return named;
  const type = config.auth_type === 'oauth' ? 'oauth2' : config.auth_type;
  const ofType = all.filter((auth) => auth.type === type || auth.name === type);
  const keys = Object.keys(config);
  const fits = (auth: Auth): number =>
    keys.filter((key) => Object.hasOwn(fieldsOf(auth), key) || isToken(auth, key)).length;
  const [best] = (
    ofType.length > 0 ? [...ofType] : type === undefined ? [...all] : all.filter((one) => takesToken(one, keys))
  ).sort((a, b) => fits(b) - fits(a));
  if (best) return best;
  const offered = all.map((auth) => auth.type);
  throw new Failure('validation_failed', {
    content: {
      errors: [
        {
          pointer: '/auth_config/auth_type',
          message: offered.length > 0 ? `must be one of ${offered.join(', ')}` : 'this plugin connects no accounts',
          keyword: 'enum',
          params: { allowedValues: offered },
        },
      ],
    },
  });
}

const endsInToken = ['oauth2', 'client_credentials', 'jwt_bearer', 'exchange'];
const isToken = (auth: Auth, key: string): boolean =>
  tokenFields.includes(key) && (endsInToken.includes(auth.type) || auth.type === 'bearer');
/** A ready-made token of another kind (`oauth` for a plugin that takes a bearer token) is still a token. */
const takesToken = (auth: Auth, keys: string[]): boolean =>
  keys.includes('access_token') && isToken(auth, 'access_token');

/** What a person fills in: declared, or what every credential of the kind has. */
export function fieldsOf(auth: Auth): Fields {
  if (auth.fields) return auth.fields;
  if (auth.type === 'basic')
    return { username: { type: 'string' }, password: { type: 'string', format: 'secret', optional: true } };
  return auth.type === 'bearer' ? { token: { type: 'string', format: 'secret' } } : {};
}

/** A bearer token may come as `access_token`, whatever the manifest calls its field. */
function takeToken(values: Record<string, string>, fields: Fields): void {
  const secret = Object.entries(fields).find(([, field]) => field.format === 'secret')?.[0];
  if (secret && values[secret] === undefined && values.access_token !== undefined) values[secret] = values.access_token;
}

/** Whether enough is there to call the vendor with. */
export function isComplete(auth: Auth, values: Record<string, string>): boolean {
  const fields = Object.entries(fieldsOf(auth));
  if (fields.some(([name, field]) => !field.optional && values[name] === undefined)) return false;
  if (auth.type === 'oauth1') return values.oauth_token !== undefined;
  return auth.type !== 'oauth2' || values.access_token !== undefined;
}

/** @returns null for what are no scopes */
function scopesIn(given: unknown): string[] | null {
  if (given === undefined || given === null) return [];
  if (typeof given === 'string') return given.split(/[\s,]+/).filter(Boolean);
  return Array.isArray(given) && given.every((one) => typeof one === 'string') ? given.slice(0, 200) : null;
}

/** The end of a token's life: an invalid date for what is no time; null when none is given. */
function expiryIn({ expires_at, expires_in }: Record<string, unknown>): Date | null {
  if (expires_at !== undefined && expires_at !== null && expires_at !== '') {
    const number = typeof expires_at === 'string' && /^\d+$/.test(expires_at) ? Number(expires_at) : expires_at;
    if (typeof number === 'number') return new Date(number * (number > 1e11 ? 1 : 1000));
    return new Date(typeof expires_at === 'string' ? expires_at : Number.NaN);
  }
  if (expires_in === undefined || expires_in === null || expires_in === '') return null;
  const seconds = typeof expires_in === 'string' && /^\d+$/.test(expires_in) ? Number(expires_in) : expires_in;
  return new Date(typeof seconds === 'number' ? Date.now() + seconds * 1000 : Number.NaN);
}
