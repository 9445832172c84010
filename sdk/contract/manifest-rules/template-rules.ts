import type { Manifest } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import { tokensOf } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';
import {
  type DeclaredFields,
  isSecretPlace,
  parseTemplate,
  TemplateError,
  type TemplatePlace,
  templateSources,
} from '../template.ts';

/** Parts of the manifest in which texts are templates. */
const templated = ['permissions', 'auth', 'exchanges', 'triggers'] as const;

/** Texts below these keys are words for people or formats, not templates. */
const plainKeys = ['title', 'description', 'reason', 'pattern', 'scopes', 'fields', 'paths', 'only', 'emits', 'writes'];

/**
 * Templates can be read, name fields that exist, and hold a secret only where it is legal: in what is injected, signed,
 * verified, put into TLS, or sent as a parameter of a token or exchange request. Never in an address or an answer.
 */
export function templateRules(manifest: Manifest): Problem[] {
  const problems: Problem[] = [];
  const declared = declaredFields(manifest);
  const visit = (value: unknown, at: string) => {
    if (typeof value === 'string') problems.push(...judge(value, at, declared, manifest));
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const token = key.replaceAll('~', '~0').replaceAll('/', '~1');
      if (!plainKeys.includes(key)) visit(child, `${at}/${token}`);
    }
  };
  for (const part of templated) visit(manifest[part], `/${part}`);
  return problems;
}

function judge(text: string, pointer: string, declared: DeclaredFields, manifest: Manifest): Problem[] {
  let places: TemplatePlace[];
  try {
    places = parseTemplate(text).filter((part) => typeof part !== 'string');
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return [problem(pointer, 'template', text, error.message.replace(/^("[^"]*") /, ''), error.fix)];
  }
  const loose = looseBrace(text, manifest);
  if (loose) return [problem(pointer, 'template', text, loose.expected, loose.fix)];
  return places.flatMap((place) => {
    const name = `{${place.source}.${place.name}}`;
    const unknown = unknownField(place, manifest) ?? misspeltCredential(place, manifest, pointer);
    if (unknown) return [problem(pointer, 'template-field', name, unknown.expected, unknown.fix)];
    if (!isSecretPlace(place, declared) || secretIsLegal(pointer)) return [];
    const fix = 'put it into inject, sign, verify, tls, or the params or headers of a token or exchange request';
    return [problem(pointer, 'template-secret', name, 'holds a secret where it would be seen or logged', fix)];
  });
}

/** `{token}` and `{credential.token` stay as they are written: nobody means that. */
function looseBrace(text: string, manifest: Manifest): { expected: string; fix: string } | undefined {
  const [, name] = /\{([a-zA-Z_][a-zA-Z0-9_]*)\}/.exec(text) ?? [];
  if (name !== undefined) {
    const { app = {}, config = {}, credential = {} } = declaredFields(manifest);
    const source = Object.entries({ credential, config, app, integration: manifest.learn ?? {} }).find(([, fields]) =>
      Object.hasOwn(fields, name),
    )?.[0];
    const expected = 'has a place without a source';
    return { expected, fix: `write {${source ?? 'source'}.${name}}; sources are ${templateSources.join(', ')}` };
  }
  const [open] = /\{(app|config|credential|integration|hook|request)\.[^{}]*$/.exec(text) ?? [];
  return open === undefined ? undefined : { expected: 'has a place that is not closed', fix: `write ${open}}` };
}

/** What vendors answer is a credential's too, so that only a name close to a known one is taken for a mistake. */
function misspeltCredential(
  { source, name }: TemplatePlace,
  manifest: Manifest,
  pointer: string,
): { expected: string; fix: string } | undefined {
  const [part, i] = tokensOf(pointer);
  const entry = part === 'auth' ? manifest.auth?.[Number(i)] : undefined;
  if (source !== 'credential' || !entry) return undefined;
  const secrets = Object.keys(Object(entry.yields?.secrets));
  const known = ['access_token', 'refresh_token', 'id_token', ...Object.keys(entry.fields ?? {}), ...secrets];
  const near = known.includes(name) || entry.also !== undefined ? undefined : nearest(name, known);
  if (near === undefined) return undefined;
  return { expected: 'names what this credential does not hold', fix: `did you mean {credential.${near}}?` };
}

function secretIsLegal(pointer: string): boolean {
  const tokens = tokensOf(pointer);
  if (tokens.at(-1) === 'url' || tokens.includes('base_url') || tokens.includes('hosts')) return false;
  if (tokens.includes('respond')) return false;
  return (
    ['inject', 'sign', 'verify', 'tls', 'where'].some((key) => tokens.includes(key)) ||
    (['token', 'refresh', 'revoke', 'request'].some((key) => tokens.includes(key)) &&
      (tokens.includes('params') || tokens.includes('headers'))) ||
    (tokens.includes('subscription') && tokens.at(-1) === 'secret')
  );
}

/** Only sources whose fields the manifest lists completely can name an unknown one. */
function unknownField(
  { source, name }: TemplatePlace,
  manifest: Manifest,
): { expected: string; fix: string } | undefined {
  const known = {
    config: () => Object.keys(propertiesOf(manifest.configuration)),
    integration: () => [...Object.keys(manifest.learn ?? {}), 'id', 'account'],
    hook: () => ['secret', 'url', 'id', 'key'],
    app: () => (manifest.app ? [...Object.keys(manifest.app), 'client_id', 'client_secret'] : undefined),
    credential: () => undefined,
    request: () => undefined,
  }[source]();
  if (source === 'request') {
    if (/^(header\.|query\.|body$|body\.|method$|url$|path$|cookie\.)/.test(name)) return undefined;
    return {
      expected: 'is no part of a request',
      fix: 'use request.header.…, query.…, body, body./pointer, method, url or path',
    };
  }
  if (!known || known.includes(name)) return undefined;
  const near = nearest(name, known);
  const where = {
    config: 'configuration.properties',
    integration: 'learn',
    hook: 'hook',
    app: 'app',
    credential: 'fields',
  }[source];
  return {
    expected: `names a field that ${where} does not have`,
    fix: near ? `did you mean {${source}.${near}}?` : `add "${name}" to ${where}`,
  };
}

/** The fields that a manifest declares, by template source. */
export function declaredFields({ app, auth = [], configuration }: Manifest): DeclaredFields {
  const credential = Object.assign({}, ...auth.map(({ fields }) => fields ?? {}));
  return { ...(app ? { app } : {}), config: propertiesOf(configuration), credential };
}

function propertiesOf(configuration: Manifest['configuration']): Record<string, { format?: string }> {
  if (typeof configuration !== 'object' || !('properties' in configuration)) return {};
  return Object(configuration.properties);
}
