import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { VendorRequest } from '../../sdk/testing/index.ts';

type Json = Record<string, any>;

/** It has no types of its own. */
const converter: { convertObj(document: Json, options: Json): Promise<{ openapi: Json }> } = createRequire(
  import.meta.url,
)('swagger2openapi');

export interface Gate {
  /** Schemas that refer to other files, so that nothing can be said of their values. */
  unjudged: number;
  /** What the vendor's own document has against a request; undefined when nothing. */
  judge(request: VendorRequest): string | undefined;
}

/**
 * A vendor made of its own OpenAPI or Swagger document, that lets only requests pass which the document describes: path,
 * parameters and body against the document's whole schemas, not against those that the import made of them.
 *
 * @param server the address that the imported plugin calls
 */
export async function gateOf(document: Json, server: string): Promise<Gate> {
  const openapi = document.swagger ? await converted(document) : document;
  const whole = cleaned(openapi) as Json;
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    logger: false,
    unicodeRegExp: false,
    validateSchema: false,
  });
  ajv.addSchema(whole, 'api.json');
  const checks = new Map<string, ValidateFunction | 'unknown'>();
  /** What refers to other files cannot be judged, and is counted. */
  const compiled = (pointer: string): ValidateFunction | 'unknown' => {
    try {
      return ajv.compile({ $ref: `api.json#${pointer}` });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("can't resolve reference")) throw error;
      gate.unjudged++;
      return 'unknown';
    }
  };
  const check = (pointer: string, value: unknown): string | undefined => {
    const known = checks.get(pointer) ?? compiled(pointer);
    checks.set(pointer, known);
    if (known === 'unknown') return undefined;
    return known(value) ? undefined : ajv.errorsText(known.errors);
  };
  const base = new URL(server).pathname.replace(/\/+$/, '');
  const paths = Object.keys(whole.paths).map((path) => ({ path, form: formOf(path) }));
  const at = (value: Json, pointer: string) =>
    pointer
      .split('/')
      .slice(1)
      .reduce((found, name) => found?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], value);
  const resolved = (pointer: string): { value: Json; pointer: string } => {
    const value = at(whole, pointer);
    return typeof value?.$ref === 'string' ? resolved(decodeURIComponent(value.$ref.slice(1))) : { value, pointer };
  };

  const gate: Gate = {
    unjudged: 0,
    judge({ method, url, headers, body }) {
      const { pathname, searchParams } = new URL(url);
      const name = method.toLowerCase();
      // Fixed segments win over parameters, as every router has it.
      const fits = paths
        .filter(({ path, form }) => whole.paths[path]?.[name] && form.test(pathname.slice(base.length)))
        .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
      const [match] = fits;
      if (!match) return `${method} ${pathname}: the document has no such operation`;
      const item = `/paths/${escaped(match.path)}`;
      const listed = (pointer: string) =>
        ((at(whole, pointer) ?? []) as Json[]).map((_, i) => resolved(`${pointer}/${i}`));
      const parameters = [...listed(`${item}/parameters`), ...listed(`${item}/${name}/parameters`)];
      const inPath = match.form.exec(pathname.slice(base.length))?.groups ?? {};
      for (const { value: parameter, pointer } of parameters) {
        const key = String(parameter.name);
        // OpenAPI has such header parameters ignored: the host and the credential write them.
        if (parameter.in === 'header' && /^(accept|authorization|content-.*)$/i.test(key)) continue;
        const schema = parameter.schema ? resolved(`${pointer}/schema`).value : {};
        const given =
          parameter.in === 'query'
            ? inQuery(parameter, schema, searchParams)
            : parameter.in === 'path'
              ? [inPath[groupName(key)]].filter((one) => one !== undefined).map((one) => decodeURIComponent(one))
              : parameter.in === 'header'
                ? [Object.entries(headers).find(([one]) => one.toLowerCase() === key.toLowerCase())?.[1]].filter(
                    (one) => one !== undefined,
                  )
                : [];
        if (given.length === 0) {
          if (parameter.required && parameter.in !== 'cookie') return `${parameter.in} ${key} is missing`;
          continue;
        }
        if (!parameter.schema || schema.type === 'object') continue;
        // How a list of objects is written into an address is undefined (OpenAPI 3.1, 4.8.12.2).
        if (schema.items && resolved(`${resolved(`${pointer}/schema`).pointer}/items`).value.type === 'object')
          continue;
        const said = check(`${pointer}/schema`, parsed(given as string[], schema, resolved));
        if (said) return `${parameter.in} ${key}: ${said}`;
      }
      const queries = parameters.filter(({ value }) => value.in === 'query');
      for (const key of searchParams.keys()) {
        const isKnown = queries.some(({ value, pointer }) =>
          namesIn(value, value.schema ? resolved(`${pointer}/schema`).value : {}).test(key),
        );
        if (!isKnown) return `query ${key} is not in the document`;
      }
      const asked = at(whole, `${item}/${name}/requestBody`) && resolved(`${item}/${name}/requestBody`);
      if (!asked) return body ? 'a body that the document does not have' : undefined;
      if (body === undefined) return asked.value.required ? 'the body is missing' : undefined;
      const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
      const media = Object.keys(asked.value.content ?? {}).find((one) => isOf(one.split(';')[0] ?? '', type));
      if (!media) return `content type ${type} is not in the document`;
      if (!type.includes('json')) return undefined;
      const said = check(`${asked.pointer}/content/${escaped(media)}/schema`, JSON.parse(body));
      return said ? `body: ${said}` : undefined;
    },
  };
  return gate;
}

async function converted(document: Json): Promise<Json> {
  const { openapi } = await converter.convertObj(structuredClone(document), {
    patch: true,
    warnOnly: true,
    anchors: true,
  });
  return openapi;
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
/** Some documents write a parameter with capitals in the path and without in its description. */
const groupName = (name: string) => `p_${Buffer.from(name.toLowerCase()).toString('hex')}`;

function formOf(path: string): RegExp {
  const source = path
    .split(/(\{[^}]+\})/)
    .map((part) =>
      part.startsWith('{') ? `(?<${groupName(part.slice(1, -1))}>[^/]*)` : part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source.startsWith('/') ? '' : '/'}${source}$`);
}

/** Whether a content type is within a range: the type itself, or one such as text/* (RFC 9110, 12.5.1). */
function isOf(range: string, type: string): boolean {
  const [whole, part] = range.toLowerCase().split('/');
  const [kind, form] = type.toLowerCase().split('/');
  return (whole === '*' || whole === kind) && (part === '*' || part === form);
}

const quoted = (name: string) => name.replace(/[.*+?^$()|[\]{}\\]/g, '\\$&');
const styleOf = ({ style = 'form', explode = style === 'form' }: Json) => ({ style, explode });

/** The names under which a parameter stands in a query. */
function namesIn(parameter: Json, schema: Json): RegExp {
  const name = quoted(String(parameter.name));
  const { style, explode } = styleOf(parameter);
  if (schema.type !== 'object' || !(explode || style === 'deepObject')) return new RegExp(`^${name}$`);
  if (style === 'deepObject') return new RegExp(`^${name}\\[[^\\]]*\\]$`);
  const isOpen = schema.additionalProperties !== false;
  return isOpen
    ? /^/
    : new RegExp(
        `^(${Object.keys(schema.properties ?? {})
          .map(quoted)
          .join('|')})$`,
      );
}

/** What a query holds of a parameter; a list that is joined comes apart. */
function inQuery(parameter: Json, schema: Json, query: URLSearchParams): string[] {
  const names = namesIn(parameter, schema);
  const found = [...query].filter(([name]) => names.test(name)).map(([, value]) => value);
  const { style, explode } = styleOf(parameter);
  if (schema.type !== 'array' || explode) return found;
  const separator = { form: ',', spaceDelimited: ' ', pipeDelimited: '|' }[String(style)] ?? ',';
  return found.flatMap((text) => text.split(separator));
}

/** Text of an address as the schema means it. */
function parsed(given: string[], schema: Json, resolved: (pointer: string) => { value: Json }): unknown {
  const scalar = (text: string, of: Json): unknown => {
    const types = [of.type].flat();
    if ((types.includes('integer') || types.includes('number')) && text !== '' && !Number.isNaN(Number(text)))
      return Number(text);
    if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
    return text;
  };
  if ([schema.type].flat().includes('array')) {
    const items = schema.items?.$ref
      ? resolved(decodeURIComponent(schema.items.$ref.slice(1))).value
      : (schema.items ?? {});
    return given.map((text) => scalar(text, items));
  }
  const forms = (schema.oneOf ?? schema.anyOf ?? []) as Json[];
  const number = forms.find((form) => /integer|number/.test(String(form.type)));
  return scalar(given[0] ?? '', schema.type ? schema : (number ?? forms[0] ?? {}));
}

const jsonTypes = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** OpenAPI 3.0 said in JSON Schema 2020-12, and without what Ajv would refuse. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  const out: Json = {};
  for (const [key, child] of Object.entries(value as Json)) {
    if (['example', 'examples', 'x-ms-examples', 'discriminator', 'externalDocs'].includes(key)) continue;
    if (key === 'pattern' && typeof child === 'string' && !isPattern(child)) continue;
    if ((key === 'exclusiveMinimum' || key === 'exclusiveMaximum') && typeof child === 'boolean') continue;
    if (key === 'nullable' || ((key === 'id' || key === '$schema') && typeof child === 'string')) continue;
    out[key] = cleaned(child);
  }
  const { nullable, type, enum: values } = value as Json;
  if (nullable === true && typeof type === 'string') out.type = [type, 'null'];
  if (nullable === true && Array.isArray(values)) out.enum = [...values, null];
  // Types that JSON Schema does not have: `file`, `any`, `float`.
  if ([type].flat().some((one) => one !== undefined && !jsonTypes.includes(one))) delete out.type;
  // Azure's JSON patch is an object that is all of an array: nothing fits both, and an array is what it takes.
  const parts = (value as Json).allOf;
  if (type === 'object' && Array.isArray(parts) && parts.some((part) => part?.type === 'array')) delete out.type;
  return out;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source !== '';
  } catch {
    return false;
  }
}
