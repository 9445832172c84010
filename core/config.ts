import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** What the host runs with: the environment, read once, checked whole, frozen. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Address that people and vendors reach this host at, without a trailing slash. */
  readonly url: string;
  /** The data folder, absolute. */
  readonly data: string;
  readonly mongodb_uri: string | null;
  /** Master keys, newest first; empty: the key in the data folder is used (made when absent). */
  readonly encryption_keys: readonly Buffer[];
  readonly jwks_url: string | null;
  readonly jwt_issuer: string | null;
  readonly jwt_audience: string | null;
  readonly admin_email: string | null;
  readonly admin_password: string | null;
  readonly signup: 'closed' | 'invite' | 'open';
  readonly allow_sideload: boolean;
  readonly registry_url: string | null;
  readonly egress_allow: readonly string[];
  readonly sandbox_processes: number;
  readonly trust_proxy: boolean;
  readonly tls_cert: string | null;
  readonly tls_key: string | null;
  readonly cors_origins: readonly string[];
  readonly log_level: string;
  /** The host-wide OAuth app of a service (`<SERVICE>_CLIENT_ID` …), by field name; empty when there is none. */
  app(service: string): Readonly<Record<string, string>>;
}

/** Names every bad variable at once, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: string[]) {
    super(
      `The environment has ${problems.length} mistake${problems.length === 1 ? '' : 's'}:\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

interface Variable {
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
}

/** Every variable with what it means; `.env.example` is written from this table. */
export const variables: readonly Variable[] = [
  { name: 'PORT', meaning: 'port to listen on; 0 takes a free one', example: '8093' },
  { name: 'PATCHBAY_HOST', meaning: 'address to listen on', example: '127.0.0.1' },
  {
    name: 'PATCHBAY_URL',
    meaning: 'address that people and vendors reach this host at (also NEXT_PUBLIC_APP_URL)',
    example: 'http://localhost:8093',
  },
  { name: 'PATCHBAY_DATA', meaning: 'data folder: embedded database, keys', example: './data' },
  {
    name: 'MONGODB_URI',
    meaning: 'a MongoDB replica set instead of the embedded database',
    example: 'mongodb://127.0.0.1:27017/patchbay?replicaSet=rs0',
  },
  {
    name: 'ENCRYPTION_KEY',
    meaning:
      'master key, 64 hex characters; several, comma-separated, newest first, for rotation; made in the data folder when absent',
    example: '',
  },
  { name: 'PATCHBAY_JWKS_URL', meaning: 'keys of an outside issuer of access tokens', example: '' },
  { name: 'PATCHBAY_JWT_ISSUER', meaning: 'issuer that outside tokens must name', example: '' },
  { name: 'PATCHBAY_JWT_AUDIENCE', meaning: 'audience that outside tokens must name', example: '' },
  { name: 'PATCHBAY_ADMIN_EMAIL', meaning: 'makes this admin at the first start', example: 'admin@example.com' },
  { name: 'PATCHBAY_ADMIN_PASSWORD', meaning: "that admin's password, at least 12 characters", example: '' },
  { name: 'PATCHBAY_SIGNUP', meaning: 'who may register: closed, invite or open', example: 'invite' },
  {
    name: 'PATCHBAY_ALLOW_SIDELOAD',
    meaning: 'true lets admins install plugins from source, unverified',
    example: 'false',
  },
  { name: 'PATCHBAY_REGISTRY_URL', meaning: 'a remote registry to install from', example: '' },
  {
    name: 'PATCHBAY_EGRESS_ALLOW',
    meaning: 'comma-separated CIDRs that plugins may reach although they are private',
    example: '',
  },
  { name: 'PATCHBAY_SANDBOX_PROCESSES', meaning: 'how many processes run plugin calls', example: '2' },
  { name: 'PATCHBAY_TRUST_PROXY', meaning: 'true believes X-Forwarded-* of the proxy in front', example: 'false' },
  { name: 'PATCHBAY_TLS_CERT', meaning: 'PEM file: serve HTTPS; goes with PATCHBAY_TLS_KEY', example: '' },
  { name: 'PATCHBAY_TLS_KEY', meaning: 'PEM file with the private key', example: '' },
  { name: 'PATCHBAY_CORS_ORIGINS', meaning: 'comma-separated origins whose pages may call the API', example: '' },
  { name: 'LOG_LEVEL', meaning: 'trace, debug, info, warn, error, fatal or silent', example: 'info' },
  {
    name: 'GITHUB_CLIENT_ID',
    meaning: 'a host-wide OAuth app; likewise <SERVICE>_CLIENT_SECRET and any other service',
    example: '',
  },
];

/** The text of `.env.example`: every variable, commented out, with its meaning. */
export function envExample(): string {
  return variables.map(({ name, meaning, example }) => `# ${meaning}\n# ${name}=${example}\n`).join('\n');
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const makeKey = "node -e \"console.log(require('crypto').randomBytes(32).toString('hex'))\"";

/**
 * Reads and checks an environment.
 *
 * @throws ConfigError naming every bad variable, what was seen and what is wanted
 */
export function readConfig(env: Environment): Config {
  const problems: string[] = [];
  const get = (name: string): string | null => env[name]?.trim() || null;
  const bad = (name: string, rule: string): void => {
    problems.push(`${name} ${rule} (seen: ${JSON.stringify((env[name] ?? '').slice(0, 60))})`);
  };
  const whole = (name: string, fallback: number, from: number, to: number): number => {
    const value = get(name);
    if (value === null) return fallback;
    if (/^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
    bad(name, `must be a whole number from ${from} to ${to}`);
    return fallback;
  };
  const flag = (name: string): boolean => {
    const value = get(name)?.toLowerCase() ?? 'false';
    if (value !== 'true' && value !== 'false') bad(name, 'must be true or false');
    return value === 'true';
  };
  const address = (name: string): string | null => {
    const value = get(name);
    if (value === null) return null;
    const url = URL.parse(value);
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
      bad(name, 'must be an http or https address without user, query or fragment');
      return null;
    }
    return value.replace(/\/+$/, '');
  };
  const list = (name: string): string[] =>
    (get(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  const oneOf = <T extends string>(name: string, values: readonly T[], fallback: T): T => {
    const value = get(name);
    if (value === null) return fallback;
    if ((values as readonly string[]).includes(value)) return value as T;
    bad(name, `must be one of ${values.join(', ')}`);
    return fallback;
  };

  const port = whole('PORT', 8093, 0, 65535);
  const tls_cert = get('PATCHBAY_TLS_CERT');
  const tls_key = get('PATCHBAY_TLS_KEY');
  if ((tls_cert === null) !== (tls_key === null))
    problems.push('PATCHBAY_TLS_CERT and PATCHBAY_TLS_KEY go together: set both or neither');
  const encryption_keys = list('ENCRYPTION_KEY').map((key) => {
    // The value itself is a secret even when it is wrong, so it is not shown.
    if (!/^[0-9a-f]{64}$/i.test(key))
      problems.push(
        `ENCRYPTION_KEY must be 64 hex characters (one of them has ${key.length}); this makes one: ${makeKey}`,
      );
    return Buffer.from(key, 'hex');
  });
  const mongodb_uri = get('MONGODB_URI');
  if (mongodb_uri !== null && !/^mongodb(\+srv)?:\/\//.test(mongodb_uri))
    problems.push('MONGODB_URI must begin with mongodb:// or mongodb+srv://');
  const egress_allow = list('PATCHBAY_EGRESS_ALLOW');
  for (const cidr of egress_allow) {
    const [ip = '', bits = ''] = cidr.split('/');
    const family = isIP(ip);
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
      bad('PATCHBAY_EGRESS_ALLOW', 'must be comma-separated CIDRs such as 10.1.2.0/24');
  }
  const admin_password = get('PATCHBAY_ADMIN_PASSWORD');
  if (admin_password !== null && admin_password.length < 12)
    problems.push('PATCHBAY_ADMIN_PASSWORD must have at least 12 characters');
  const admin_email = get('PATCHBAY_ADMIN_EMAIL');
  if (admin_email !== null && !/^[^@\s]+@[^@\s]+$/.test(admin_email))
    bad('PATCHBAY_ADMIN_EMAIL', 'must be an e-mail address');
  if ((admin_email === null) !== (admin_password === null))
    problems.push('PATCHBAY_ADMIN_EMAIL and PATCHBAY_ADMIN_PASSWORD go together: set both or neither');
  const jwks_url = address('PATCHBAY_JWKS_URL');
  if (jwks_url !== null && (get('PATCHBAY_JWT_ISSUER') === null || get('PATCHBAY_JWT_AUDIENCE') === null))
    problems.push(
      'PATCHBAY_JWKS_URL needs PATCHBAY_JWT_ISSUER and PATCHBAY_JWT_AUDIENCE: tokens are judged by all three',
    );
  const cors_origins = list('PATCHBAY_CORS_ORIGINS');
  for (const origin of cors_origins)
    if (URL.parse(origin)?.origin !== origin)
      bad('PATCHBAY_CORS_ORIGINS', 'must be comma-separated origins such as https://app.example.com');
  const url =
    address('PATCHBAY_URL') ?? address('NEXT_PUBLIC_APP_URL') ?? `${tls_cert ? 'https' : 'http'}://localhost:${port}`;

  const config: Config = {
    port,
    host: get('PATCHBAY_HOST') ?? '127.0.0.1',
    url,
    data: resolve(get('PATCHBAY_DATA') ?? './data'),
    mongodb_uri,
    encryption_keys,
    jwks_url,
    jwt_issuer: get('PATCHBAY_JWT_ISSUER'),
    jwt_audience: get('PATCHBAY_JWT_AUDIENCE'),
    admin_email,
    admin_password,
    signup: oneOf('PATCHBAY_SIGNUP', ['closed', 'invite', 'open'], 'invite'),
    allow_sideload: flag('PATCHBAY_ALLOW_SIDELOAD'),
    registry_url: address('PATCHBAY_REGISTRY_URL'),
    egress_allow,
    sandbox_processes: whole('PATCHBAY_SANDBOX_PROCESSES', 2, 1, 64),
    trust_proxy: flag('PATCHBAY_TRUST_PROXY'),
    tls_cert,
    tls_key,
    cors_origins,
    log_level: oneOf('LOG_LEVEL', levels, 'info'),
    app: (service) => readApp(env, service),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

/** Names in use elsewhere for the same two values. */
const otherNames: Record<string, { client_id: string[]; client_secret: string[] }> = {
  meta_ads: { client_id: ['META_APP_ID'], client_secret: ['META_APP_SECRET'] },
  shopify: { client_id: ['SHOPIFY_API_KEY'], client_secret: ['SHOPIFY_API_SECRET'] },
  google_ads: { client_id: ['GOOGLE_CLIENT_ID'], client_secret: ['GOOGLE_CLIENT_SECRET'] },
  google_fit: { client_id: ['GOOGLE_CLIENT_ID'], client_secret: ['GOOGLE_CLIENT_SECRET'] },
  google_health: { client_id: ['GOOGLE_CLIENT_ID'], client_secret: ['GOOGLE_CLIENT_SECRET'] },
};

function readApp(env: Environment, service: string): Record<string, string> {
  const prefix = `${service.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_`;
  const found: Record<string, string> = {};
  for (const [field, names] of Object.entries(otherNames[service] ?? {})) {
    const value = names.map((name) => env[name]).find(Boolean);
    if (value) found[field] = value;
  }
  for (const field of ['client_id', 'client_secret', 'signing_secret', 'developer_token']) {
    const value = env[prefix + field.toUpperCase()];
    if (value) found[field] = value;
  }
  return found;
}

let current: Config | undefined;

/**
 * The configuration of this process, read from the environment at the first use.
 *
 * @throws ConfigError when a variable is wrong
 */
export function config(): Config {
  current ??= readConfig(process.env);
  return current;
}
