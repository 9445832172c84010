import { type Json, object } from './json.ts';

/** The first way to authorise that a document describes, as `auth` of a manifest; a bearer token where it describes none. */
export function authOf(schemes: Record<string, Json>, server: URL): { auth: Json | undefined; note: string } {
  const base = { base_url: server.href, hosts: [server.host] };
  const secret = (title: string) => ({ type: 'string', title, format: 'secret' });
  const header = (name: string, value: string) => [{ in: 'header', name, value }];
  for (const scheme of Object.values(schemes)) {
    const { type, in: place, name } = scheme;
    if (type === 'oauth2') {
      const flow = object(object(scheme.flows).authorizationCode ?? scheme);
      if (!/^https:/.test(String(flow.authorizationUrl)) || !/^https:/.test(String(flow.tokenUrl))) continue;
      const auth = {
        ...{
          name: 'oauth',
          type: 'oauth2',
          ...base,
          inject: header('Authorization', 'Bearer {credential.access_token}'),
        },
        authorize: { url: flow.authorizationUrl, scopes: Object.keys(object(flow.scopes)).slice(0, 200), pkce: 'S256' },
        token: { url: flow.tokenUrl },
      };
      return { auth, note: 'It authorises by OAuth 2; keep only the scopes that you need.' };
    }
    if (type === 'apiKey' && (place === 'header' || place === 'query')) {
      const inject = [{ in: place, name, value: '{credential.api_key}' }];
      return {
        auth: { name: 'key', type: 'api_key', ...base, fields: { api_key: secret('API key') }, inject },
        note: `It authorises by a key in the ${place} "${name}".`,
      };
    }
    if (type === 'basic' || (type === 'http' && String(scheme.scheme).toLowerCase() === 'basic')) {
      const fields = { username: { type: 'string', title: 'User' }, password: secret('Password') };
      return { auth: { name: 'basic', type: 'basic', ...base, fields }, note: 'It authorises by user and password.' };
    }
  }
  const inject = header('Authorization', 'Bearer {credential.token}');
  const said = Object.values(schemes).some((scheme) => String(scheme.scheme).toLowerCase() === 'bearer');
  const note = said
    ? 'It authorises by a bearer token.'
    : 'The document does not say how to authorise; a bearer token is assumed.';
  return { auth: { name: 'token', type: 'bearer', ...base, fields: { token: secret('Token') }, inject }, note };
}
