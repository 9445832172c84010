const hosts = ['api.github.com', '{config.api_url}'] as const;
const inject = [{ in: 'header', name: 'Authorization', value: 'Bearer {credential.access_token}' }] as const;

/** A token that somebody made on the site, or the sign-in of an OAuth app. */
export const auth = [
  {
    name: 'token',
    type: 'bearer',
    title: 'Personal access token',
    fields: {
      access_token: {
        type: 'string',
        title: 'Token',
        description: 'Fine-grained: issues, pull requests and webhooks read and write. Classic: repo, admin:repo_hook.',
        format: 'secret',
      },
    },
    base_url: '{config.api_url}',
    hosts,
    inject,
  },
  {
    name: 'oauth',
    type: 'oauth2',
    title: 'Sign in with GitHub',
    base_url: '{config.api_url}',
    hosts,
    inject,
    authorize: {
      url: '{config.web_url}/login/oauth/authorize',
      scopes: [
        { scope: 'repo', reason: 'Reads and writes issues and pull requests' },
        { scope: 'read:org', optional: true, reason: 'Finds the repositories of your organisations' },
        { scope: 'admin:repo_hook', optional: true, reason: 'Lets GitHub tell us of changes at once' },
      ],
      separator: ' ',
      pkce: 'S256',
    },
    token: {
      method: 'POST',
      url: '{config.web_url}/login/oauth/access_token',
      as: 'form',
      client: 'body',
      // Without it GitHub answers form-encoded.
      headers: { Accept: 'application/json' },
    },
    yields: {
      secrets: { access_token: '/access_token', refresh_token: '/refresh_token' },
      expires_in: '/expires_in',
      scope: '/scope',
    },
    revoke: {
      method: 'DELETE',
      url: '{config.api_url}/applications/{app.client_id}/grant',
      as: 'json',
      client: 'basic',
      params: { access_token: '{credential.access_token}' },
    },
    // Tokens of an OAuth app live on and come without a refresh token; those of a GitHub App live 8 hours.
    refresh: { old_token: 'dies_on_use' },
  },
] as const;
