/** A stateful mock of GitHub's REST API behind GitHub's own OpenAPI document, and GitHub's own webhook payloads, signed. */
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cutDocument, serveVendor, type VendorAnswer, type VendorRequest, type VendorServer } from './contract.ts';

type Json = Record<string, unknown>;
export interface MockIssue extends Json {
  id: number;
  number: number;
  title: string;
  state: 'open' | 'closed';
  updated_at: string;
}
export interface GitHubMock extends VendorServer {
  /** the token that is let in */
  token: string;
  /** more tokens that are let in: what an authorization server gave out */
  tokens: Set<string>;
  /** answers instead of the usual when it answers something */
  before?: ((request: VendorRequest) => VendorAnswer | undefined) | undefined;
  /** issues and pull requests of `octo/repo-1`, as GitHub shows them in `/issues` */
  issues: MockIssue[];
  comments: Json[];
  hooks: Json[];
  /** Changes an issue as if somebody had edited it on the site now (or at `at`, ISO 8601). */
  touch(number: number, change: Json, at?: string): void;
  /** Sends one of GitHub's real example payloads to an address, signed with `secret` as GitHub does. */
  deliver(url: string, event: string, secret: string, options?: DeliverOptions): Promise<Response>;
}
export interface DeliverOptions {
  action?: string;
  /** which of the examples, from 0 */
  example?: number;
  delivery?: string;
  /** sign these bytes but send the payload: what a forger would do */
  sign?: string;
}

const require = createRequire(import.meta.url);
const paths = [
  '/user',
  '/user/repos',
  '/repos/{owner}/{repo}',
  '/repos/{owner}/{repo}/issues',
  '/repos/{owner}/{repo}/issues/{issue_number}',
  '/repos/{owner}/{repo}/issues/{issue_number}/comments',
  '/repos/{owner}/{repo}/pulls',
  '/repos/{owner}/{repo}/hooks',
  '/repos/{owner}/{repo}/hooks/{hook_id}',
];
let loaded: Promise<Json> | undefined;
async function document(): Promise<Json> {
  loaded ??= readFile(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8').then((text) =>
    cutDocument(JSON.parse(text), paths),
  );
  return loaded;
}

interface Example {
  name: string;
  examples: (Json & { action?: string })[];
}

/** GitHub's real example payloads of an event, oldest first. */
export function payloads(event: string, action?: string): Json[] {
  const all = require('@octokit/webhooks-examples/api.github.com/index.json') as Example[];
  const found = all.find((entry) => entry.name === event)?.examples ?? [];
  return action === undefined ? found : found.filter((example) => example.action === action);
}

/** The signature header that GitHub sends: HMAC-SHA256 of the raw body in hex. */
export function signature(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * Starts the mock.
 *
 * @param size how many repositories, and how many issues and pull requests in the first, `octo/repo-1`
 */
export async function startGitHub(
  size: { repositories?: number; issues?: number; pull_requests?: number; token?: string } = {},
): Promise<GitHubMock> {
  const definition = await document();
  const examples = (definition.components as { examples: Record<string, { value: Json | Json[] }> }).examples;
  const example = (name: string): Json => {
    const value = examples[name]?.value;
    return structuredClone(Array.isArray(value) ? (value[0] ?? {}) : (value ?? {}));
  };
  const token = size.token ?? `ghp_${randomUUID().replaceAll('-', '')}`;
  const start = Date.UTC(2026, 0, 1);
  const at = (minute: number): string => new Date(start + minute * 60_000).toISOString().replace('.000Z', 'Z');
  const repositories = Array.from({ length: size.repositories ?? 2 }, (_, index) => ({
    ...example('full-repository-default-response'),
    id: 1000 + index,
    name: `repo-${index + 1}`,
    full_name: `octo/repo-${index + 1}`,
    owner: { ...(example('full-repository-default-response').owner as Json), login: 'octo' },
    html_url: `https://github.com/octo/repo-${index + 1}`,
    // GitHub really shows this secret to users with write access: a connector must never keep it.
    temp_clone_token: 'ABLCLONETOKEN',
    language: 'TypeScript',
    source: undefined,
    parent: undefined,
    template_repository: undefined,
    created_at: at(index),
    updated_at: at(index),
    pushed_at: at(index),
  }));
  const issues: MockIssue[] = [];
  const comments: Json[] = [];
  const hooks: Json[] = [];
  let clock = 0;
  const addIssue = (fields: Json): MockIssue => {
    const number = issues.length + 1;
    clock += 1;
    const made: MockIssue = {
      ...example('issue'),
      id: 50_000 + number,
      number,
      title: `Issue ${number}`,
      body: `What happened in ${number}`,
      state: 'open',
      html_url: `https://github.com/octo/repo-1/issues/${number}`,
      created_at: at(clock),
      updated_at: at(clock),
      closed_at: null,
      comments: 0,
      ...fields,
    };
    delete made.pull_request;
    if (fields.pull_request) made.pull_request = fields.pull_request;
    issues.push(made);
    return made;
  };
  for (let index = 0; index < (size.issues ?? 5); index++) addIssue({});
  const pulls: Json[] = [];
  for (let index = 0; index < (size.pull_requests ?? 2); index++) {
    const number = issues.length + 1;
    const url = `https://api.github.com/repos/octo/repo-1/pulls/${number}`;
    const twin = addIssue({
      title: `Pull ${number}`,
      html_url: `https://github.com/octo/repo-1/pull/${number}`,
      pull_request: {
        url,
        html_url: `https://github.com/octo/repo-1/pull/${number}`,
        diff_url: `${url}.diff`,
        patch_url: `${url}.patch`,
      },
    });
    pulls.push({
      ...example('pull-request-simple-items'),
      id: 90_000 + number,
      number,
      title: twin.title,
      html_url: twin.html_url,
      state: 'open',
      created_at: twin.created_at,
      updated_at: twin.updated_at,
      closed_at: null,
      merged_at: null,
      requested_teams: [],
    });
  }

  const tokens = new Set<string>();
  const mock = {} as GitHubMock;
  const notFound: VendorAnswer = {
    status: 404,
    body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
  };
  let remaining = 5000;
  const limits = (): Record<string, string> => ({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(--remaining),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
  });
  const page = (request: VendorRequest, path: string, rows: Json[]): VendorAnswer => {
    const per_page = Number(request.query.per_page ?? 30);
    const current = Number(request.query.page ?? 1);
    const last = Math.max(1, Math.ceil(rows.length / per_page));
    const to = (number: number): string => {
      const query = new URLSearchParams({ ...request.query, page: String(number) });
      return `<${request.origin}${path}?${query}>`;
    };
    const links = [];
    if (current > 1) links.push(`${to(current - 1)}; rel="prev"`, `${to(1)}; rel="first"`);
    if (current < last) links.push(`${to(current + 1)}; rel="next"`, `${to(last)}; rel="last"`);
    const headers: Record<string, string> = links.length ? { link: links.join(', ') } : {};
    return { status: 200, body: rows.slice((current - 1) * per_page, current * per_page), headers };
  };
  const listIssues = (request: VendorRequest): VendorAnswer => {
    const { state = 'open', since, sort = 'created', direction = 'desc', labels } = request.query;
    const wanted = labels?.split(',');
    const field = sort === 'updated' ? 'updated_at' : 'created_at';
    const rows = issues
      .filter((issue) => state === 'all' || issue.state === state)
      .filter((issue) => !since || issue.updated_at >= since)
      .filter(
        (issue) => !wanted || wanted.every((name) => (issue.labels as Json[]).some((label) => label.name === name)),
      )
      .sort((a, b) => (String(a[field]) < String(b[field]) ? -1 : 1) * (direction === 'asc' ? 1 : -1));
    return page(request, `/repos/octo/${request.params.repo}/issues`, rows);
  };
  const labelled = (names: unknown): Json[] =>
    (Array.isArray(names) ? names : []).map((label, index) => ({
      ...(example('issue').labels as Json[])[0],
      id: 700 + index,
      name: typeof label === 'string' ? label : (label as Json).name,
    }));

  const answer = (request: VendorRequest): VendorAnswer => {
    const given = request.headers.authorization ?? '';
    if (given !== `Bearer ${token}` && !tokens.has(given.replace('Bearer ', '')))
      return {
        status: 401,
        body: { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
      };
    // GitHub answers 403 to a client that does not say who it is.
    if (!request.headers['user-agent'])
      return {
        status: 403,
        body: {
          message: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
        },
      };
    const made = mock.before?.(request) ?? act(request);
    return { ...made, headers: { ...limits(), ...made.headers } };
  };
  const act = (request: VendorRequest): VendorAnswer => {
    const { params, body } = request;
    const known =
      params.repo === undefined || (params.owner === 'octo' && repositories.some((r) => r.name === params.repo));
    if (!known) return notFound;
    const inFirst = params.repo === 'repo-1';
    const issue = issues.find((one) => one.number === Number(params.issue_number));
    switch (request.operation) {
      case 'users/get-authenticated':
        return {
          status: 200,
          body: {
            ...example('public-user-response-with-public-profile-information'),
            ...publicUser(example),
            login: 'octo',
            id: 7,
          },
          headers: { 'x-oauth-scopes': 'repo, admin:repo_hook' },
        };
      case 'repos/list-for-authenticated-user':
        return page(request, '/user/repos', repositories);
      case 'repos/get':
        return { status: 200, body: repositories.find((one) => one.name === params.repo) };
      case 'issues/list-for-repo':
        return inFirst ? listIssues(request) : { status: 200, body: [] };
      case 'issues/create': {
        if (body.title === '')
          return {
            status: 422,
            body: {
              message: 'Validation Failed',
              documentation_url: 'https://docs.github.com/rest',
              errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }],
            },
          };
        const { labels, assignees: _assignees, milestone: _milestone, ...fields } = body;
        return { status: 201, body: addIssue({ ...fields, labels: labelled(labels) }) };
      }
      case 'issues/get':
        return issue ? { status: 200, body: issue } : notFound;
      case 'issues/update':
        if (!issue) return notFound;
        touch(issue.number, body);
        return { status: 200, body: issue };
      case 'issues/list-comments':
        return page(request, `/repos/octo/${params.repo}/issues/${params.issue_number}/comments`, comments);
      case 'issues/create-comment': {
        if (!issue) return notFound;
        const made = { ...example('issue-comment'), id: 300 + comments.length, body: body.body, issue_url: issue.url };
        comments.push(made);
        issue.comments = Number(issue.comments) + 1;
        return { status: 201, body: made };
      }
      case 'pulls/list': {
        const state = request.query.state ?? 'open';
        const field = request.query.sort === 'updated' ? 'updated_at' : 'created_at';
        const order = request.query.direction === 'asc' ? 1 : -1;
        const rows = pulls
          .filter((pull) => state === 'all' || pull.state === state)
          .sort((a, b) => (String(a[field]) < String(b[field]) ? -order : order));
        return inFirst ? page(request, `/repos/octo/${params.repo}/pulls`, rows) : { status: 200, body: [] };
      }
      case 'repos/list-webhooks':
        return page(
          request,
          `/repos/octo/${params.repo}/hooks`,
          hooks.map(({ secret: _secret, ...shown }) => shown),
        );
      case 'repos/create-webhook': {
        const config = body.config as Json;
        const made = {
          ...example('hook'),
          id: 800 + hooks.length,
          events: body.events ?? ['push'],
          config: { ...config, secret: '********' },
        };
        hooks.push({ ...made, secret: config.secret });
        return { status: 201, body: made };
      }
      case 'repos/get-webhook':
      case 'repos/delete-webhook': {
        const at = hooks.findIndex((hook) => String(hook.id) === params.hook_id);
        if (at < 0) return notFound;
        if (request.operation === 'repos/delete-webhook') {
          hooks.splice(at, 1);
          return { status: 204 };
        }
        const { secret: _secret, ...shown } = hooks[at] as Json;
        return { status: 200, body: shown };
      }
      default:
        throw new Error(`the mock does not keep ${request.operation}`);
    }
  };
  function touch(number: number, change: Json, moment?: string): void {
    const issue = issues.find((one) => one.number === number);
    if (!issue) throw new Error(`there is no issue ${number}`);
    clock += 1;
    Object.assign(issue, change, { updated_at: moment ?? at(clock) });
    if (change.state === 'closed') issue.closed_at = issue.updated_at;
  }

  const server = await serveVendor(definition, answer, {
    refuse: (problems) => ({
      status: 422,
      body: {
        message: 'Validation Failed',
        documentation_url: 'https://docs.github.com/rest',
        errors: problems.map((message) => ({ resource: 'x', field: 'x', code: 'invalid', message })),
      },
    }),
  });
  const deliver: GitHubMock['deliver'] = async (url, event, secret, options = {}) => {
    const payload = payloads(event, options.action)[options.example ?? 0];
    if (!payload) throw new Error(`GitHub has no example of ${event} ${options.action ?? ''}`);
    const body = JSON.stringify(payload);
    return fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/0000000',
        'x-github-event': event,
        'x-github-delivery': options.delivery ?? randomUUID(),
        'x-github-hook-id': '800',
        'x-hub-signature-256': signature(secret, options.sign ?? body),
      },
    });
  };
  return Object.assign(mock, server, { token, tokens, issues, comments, hooks, touch, deliver });
}

function publicUser(example: (name: string) => Json): Json {
  const {
    private_gists: _a,
    total_private_repos: _b,
    owned_private_repos: _c,
    disk_usage: _d,
    two_factor_authentication: _e,
    ...rest
  } = example('private-user-response-with-public-and-private-profile-information');
  return { ...rest, user_view_type: 'public' };
}
