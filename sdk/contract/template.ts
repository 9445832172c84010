import { nearest } from './nearest.ts';
import { quote } from './quote.ts';

/**
 * Templates are how a manifest names values that only the host knows: `"Bearer {credential.access_token}"`.
 * A place is `{source.name}` or `{source.name|filter|filter}`; braces that hold anything else are plain text, so JSON
 * can be written as it is.
 */
export const templateSources = ['app', 'config', 'credential', 'integration', 'hook', 'request'] as const;
export type TemplateSource = (typeof templateSources)[number];

const filters: Record<string, (text: string) => string> = {
  urlencode: encodeURIComponent,
  urldecode: decodeURIComponent,
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  json: (text) => JSON.stringify(text).slice(1, -1),
};
export const templateFilters: readonly string[] = Object.keys(filters);

/** One place of a template. For `{request.header.X-Id|lower}`: source `request`, name `header.X-Id`, filters `['lower']`. */
export interface TemplatePlace {
  source: TemplateSource;
  name: string;
  filters: string[];
}
export type Template = (string | TemplatePlace)[];

/** A template that cannot be read, or whose value is missing. `fix` says the way out. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

/**
 * Reads a template into its texts and places.
 * @throws {TemplateError} for an unknown source or filter, naming the nearest
 */
export function parseTemplate(text: string): Template {
  const parts: Template = [];
  let done = 0;
  for (const match of text.matchAll(/\{([a-zA-Z_]+)\.([^{}|]+)((?:\|[^{}|]*)*)\}/g)) {
    if (match.index > done) parts.push(text.slice(done, match.index));
    const [whole, source = '', name = '', tail = ''] = match;
    parts.push(placeOf(whole, source, name, tail));
    done = match.index + whole.length;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}

/**
 * Fills a template.
 * @param lookUp answers the value of a place, before its filters; `undefined` when there is none
 * @throws {TemplateError} when a value is missing, naming the place
 */
export function expandTemplate(text: string, lookUp: (place: TemplatePlace) => string | undefined): string {
  return parseTemplate(text)
    .map((part) => (typeof part === 'string' ? part : filtered(part, lookUp(part))))
    .join('');
}

/** The places of a template, without its texts. */
export function placesOf(text: string): TemplatePlace[] {
  return parseTemplate(text).filter((part) => typeof part !== 'string');
}

/** Fields as the manifest declares them, by source; needed to know which of them are secret. */
export interface DeclaredFields {
  app?: Record<string, { format?: string }>;
  config?: Record<string, { format?: string }>;
  credential?: Record<string, { format?: string }>;
}

/**
 * Whether a place holds a secret. What the manifest declares decides by `"format": "secret"` (or `pem`); what it does
 * not declare is secret when it comes from a credential, the app (but `client_id`), or is the hook's own secret.
 */
export function isSecretPlace({ source, name }: TemplatePlace, declared: DeclaredFields): boolean {
  if (source === 'hook') return name === 'secret' || name === 'key';
  if (source === 'integration' || source === 'request') return false;
  const field = declared[source]?.[name];
  if (field) return field.format === 'secret' || field.format === 'pem';
  return source === 'credential' || (source === 'app' && name !== 'client_id');
}

function placeOf(whole: string, source: string, name: string, tail: string): TemplatePlace {
  const known = templateSources.find((one) => one === source);
  if (!known) {
    const near = nearest(source, templateSources);
    throw new TemplateError(
      `${quote(whole)} has the unknown source ${quote(source)}`,
      near ? `did you mean {${near}.${name}}?` : `use one of ${templateSources.join(', ')}`,
    );
  }
  const wanted = tail.split('|').slice(1);
  for (const filter of wanted) {
    if (Object.hasOwn(filters, filter)) continue;
    const near = nearest(filter, templateFilters);
    throw new TemplateError(
      `${quote(whole)} has the unknown filter ${quote(filter)}`,
      near ? `did you mean "${near}"?` : `use one of ${templateFilters.join(', ')}`,
    );
  }
  return { source: known, name, filters: wanted };
}

function filtered(place: TemplatePlace, value: string | undefined): string {
  const name = `{${place.source}.${place.name}}`;
  if (value === undefined) throw new TemplateError(`${name} has no value`, `give ${place.source} a ${place.name}`);
  return place.filters.reduce((text, filter) => {
    try {
      return filters[filter]?.(text) ?? text;
    } catch {
      throw new TemplateError(`${name} cannot be put through "${filter}"`, `give a value that "${filter}" takes`);
    }
  }, value);
}
