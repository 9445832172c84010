/** One failure that a person can meet: what it looks like, why it comes, and the way out. */
export interface Problem {
  title: string;
  why: string;
  way_out: readonly string[];
}

const problem = (title: string, why: string, ...way_out: string[]): Problem => ({ title, why, way_out });

/** Every failure of a connection, an action or a sync that has a way out; shown at `/docs/problems#<name>`. */
export const problems = {
  'oauth-no-app': problem(
    'No OAuth app is set up',
    'A vendor lets accounts be connected only by an app that is registered there. This host has none for the vendor.',
    'Register an app at the vendor, with the redirect URI that the error names.',
    'Give its client_id and client_secret with PUT /integrations/types/{type}/oauth-client, or to the host as <TYPE>_CLIENT_ID and <TYPE>_CLIENT_SECRET.',
  ),
  'oauth-state': problem(
    'The authorisation is unknown, used, or too old',
    'The way to the vendor and back takes ten minutes at most and works once. Going back in the browser or reloading the last page sends it a second time.',
    'Begin the connection again from the integration’s page.',
  ),
  'oauth-browser': problem(
    'The authorisation was begun in another browser',
    'What one browser began only that browser may finish, so that nobody can have you finish his connection.',
    'Begin again in the browser that you use now, and allow cookies for this site.',
  ),
  'oauth-platform': problem(
    'The vendor answered at another vendor’s address',
    'Each platform has a redirect URI of its own. The app at the vendor is registered with another platform’s.',
    'Register the redirect URI that GET /integrations/types/{type}/oauth-client shows.',
  ),
  'oauth-refused': problem(
    'The vendor said no',
    'Somebody pressed cancel at the vendor, has not the right to connect this app, or the vendor does not know what was asked for.',
    'Read the vendor’s own words in the error.',
    'Try again with an account that may connect apps, or with fewer scopes.',
  ),
  'oauth-token': problem(
    'The vendor gave no token',
    'You agreed, but the vendor refused to exchange that for a token: mostly the client secret is wrong, or the redirect URI is not the registered one.',
    'Compare client_id, client_secret and redirect URI with those at the vendor, then connect again.',
  ),
  'oauth-redirect': problem(
    'The return address is not on the allowlist',
    'After a connection the browser goes back to our console only, or to addresses that this workspace listed.',
    'Add the exact address with PATCH /workspaces/{id} {"redirect_uris": […]}.',
  ),
  'connect-failed': problem(
    'Connected, but the account could not be read',
    'The credential is stored, but the plugin’s first request with it failed: it has too few rights, or the vendor was down.',
    'Read the reason, then POST /integrations/{id}/test.',
    'If it stays, connect the account again with the rights that the plugin lists.',
  ),
  'choose-account': problem(
    'One of several accounts must be chosen',
    'The token opens several sites, customers or data centres. An integration is one of them.',
    'PATCH /integrations/{id} {"choice": "<id>"} with an id of `choices`.',
  ),
  'not-connected': problem(
    'The integration is not connected',
    'It has no credential: it was never given one, it was revoked, or a setting that its address is made of was changed.',
    'Connect it: POST /integrations/{id}/oauth/initiate, or PATCH it with auth_config.',
  ),
  'switched-off': problem(
    'The integration is switched off',
    'A member switched it off; it neither acts nor syncs.',
    'PUT /integrations/{id}/status {"status": "active"}.',
  ),
  reconnect: problem(
    'The vendor no longer accepts this account',
    'The refresh token was revoked, has expired, or was used by somebody else. Asking again cannot succeed.',
    'Connect again with POST /integrations/{id}/oauth/initiate. Settings, records and webhooks stay.',
  ),
  'refresh-failed': problem(
    'The token could not be renewed now',
    'The vendor’s token address did not answer, or answered with an error that is not final.',
    'Wait; the next request tries again. If it stays, look at the vendor’s status page.',
  ),
  'vendor-limit': problem(
    'The vendor’s limit is used up',
    'The vendor allows so many requests in a time. What would go over is held back here, for ten seconds at most while somebody waits.',
    'GET /integrations/{id}/rate-limit says when more may go out. Syncs wait by themselves.',
    'Sync fewer streams or less often, or ask the vendor for more.',
  ),
  'vendor-error': problem(
    'The vendor answered with an error',
    'The request reached the vendor and was refused, or the vendor is down.',
    'Read the message: it is the vendor’s. Requests that may be repeated were repeated four times.',
  ),
  'address-refused': problem(
    'The address may not be reached',
    'The plugin was not granted this host, or the address is not on the public internet.',
    'Compare with GET /plugins/{id}/permissions. For an address inside, the plugin must ask for it as private, and the operator must open it with PATCHBAY_EGRESS_ALLOW.',
  ),
  'plugin-error': problem(
    'The plugin failed',
    'The plugin’s own code threw, or went over one of its limits.',
    'GET /invocations/{invocation_id} shows its log and its requests. Tell the author.',
  ),
  'plugin-slow': problem(
    'The plugin took too long',
    'It was ended at the deadline. What the vendor did by then is not known.',
    'Look at the vendor before you try again; GET /invocations/{invocation_id} lists the requests it made.',
  ),
  'outcome-unknown': problem(
    'The host ended while the action ran',
    'An action that may not run twice was under way when its host stopped.',
    'Look at the vendor whether it was done, then run it again if not.',
  ),
  'sync-running': problem(
    'Another sync is running',
    'An integration syncs once at a time.',
    'Wait, cancel it with POST /integrations/{id}/sync/{sync_id}/cancel, or start with "force": true.',
  ),
  'sync-record': problem(
    'A record was set aside',
    'It has no primary key, is too large, or is not as its stream’s schema says. The others were stored.',
    'The error’s pointer names the field. Over a fifth of such records fails the sync: tell the plugin’s author.',
  ),
  'sync-sweep': problem(
    'Nothing was deleted because too much was missing',
    'More than half of the records, and more than a hundred, were not there any more. That is rarely true: mostly a right was lost, or a filter changed.',
    'If it is true, start a full sync with "force": true.',
  ),
  'sync-failed': problem(
    'The sync did not come to its end',
    'A part of it failed several times in a row. What was stored stays, and the next sync goes on there.',
    'GET /integrations/{id}/sync/{sync_id} lists each error with its kind.',
  ),
  'not-revoked': problem(
    'The vendor could not be told that the token is revoked',
    'It is forgotten here, but the vendor may still accept it until it expires.',
    'Remove the app’s access in your account at the vendor.',
  ),
} as const satisfies Record<string, Problem>;

export type ProblemName = keyof typeof problems;
