import type { Auth } from '../../sdk/contract/manifest/auth.ts';
import type { Place } from '../../sdk/contract/manifest/shapes.ts';
import { BrokerError } from './broker-scope.ts';
import { contentType, type Outgoing } from './outgoing.ts';
import { anyPathMatches } from './path-matches.ts';
import { fill, type Values } from './template-values.ts';

/** Where each kind of credential goes when the manifest does not say: RFC 6750, section 2.1, and RFC 7617. */
function usualPlaces(auth: Auth, values: Values): Place[] {
  if (['oauth2', 'client_credentials', 'jwt_bearer', 'exchange'].includes(auth.type))
    return [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }];
  if (auth.type === 'bearer') {
    const name = ['token', 'access_token', ...Object.keys(auth.fields ?? {})].find((one) => one in values.credential);
    return [{ in: 'header', name: 'Authorization', value: `Bearer {credential.${name ?? 'token'}}` }];
  }
  return [];
}

/**
 * Puts a credential into a request, where the manifest says.
 *
 * @throws TemplateError when a value is missing, BrokerError when the body is not of the kind that a place needs
 */
export function inject(outgoing: Outgoing, auth: Auth, values: Values): Outgoing {
  const places = auth.inject ?? usualPlaces(auth, values);
  if (!auth.inject && auth.type === 'basic') return withBasic(outgoing, values);
  return places
    .filter((place) => anyPathMatches(place.only, outgoing.url.pathname))
    .reduce((request, place) => put(request, place, fill(place.value, values)), outgoing);
}

/** Puts one value into one place of a request. */
export function put(outgoing: Outgoing, place: Omit<Place, 'value'>, value: string): Outgoing {
  switch (place.in) {
    case 'header':
      return { ...outgoing, headers: { ...outgoing.headers, [place.name.toLowerCase()]: value } };
    case 'query': {
      const url = new URL(outgoing.url);
      url.searchParams.set(place.name, value);
      return { ...outgoing, url };
    }
    case 'form': {
      const type = contentType(outgoing);
      if (outgoing.body && type !== 'application/x-www-form-urlencoded') throw wrongBody(place, 'a form');
      const form = new URLSearchParams(outgoing.body?.toString() ?? '');
      form.set(place.name, value);
      const headers = { ...outgoing.headers, 'content-type': 'application/x-www-form-urlencoded' };
      return { ...outgoing, headers, body: Buffer.from(form.toString()) };
    }
    case 'json': {
      const body = jsonObject(outgoing, place);
      const headers = { ...outgoing.headers, 'content-type': outgoing.headers['content-type'] ?? 'application/json' };
      return { ...outgoing, headers, body: Buffer.from(JSON.stringify({ ...body, [place.name]: value })) };
    }
  }
}

function withBasic(outgoing: Outgoing, values: Values): Outgoing {
  const user = fill('{credential.username}', values);
  const password = values.credential.password ?? '';
  const value = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return put(outgoing, { in: 'header', name: 'Authorization' }, value);
}

function jsonObject(outgoing: Outgoing, place: Omit<Place, 'value'>): object {
  if (!outgoing.body) return {};
  try {
    const value: unknown = JSON.parse(outgoing.body.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // not JSON: said below
  }
  throw wrongBody(place, 'a JSON object');
}

function wrongBody(place: Omit<Place, 'value'>, wanted: string): BrokerError {
  return new BrokerError(
    'bad_request',
    `The credential goes into the body (${place.name}), so the body must be ${wanted}`,
  );
}
