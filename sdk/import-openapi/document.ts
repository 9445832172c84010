import { Failure } from '../contract/failure.ts';
import { valueAt } from '../contract/pointer.ts';
import { quote } from '../contract/quote.ts';
import { type Json, list, object } from './json.ts';
import { type Style, styleOf } from './style-of.ts';

/** A parameter or body of an operation, whatever version of OpenAPI it came from. */
export interface Part {
  name: string;
  in: 'path' | 'query' | 'header' | 'body';
  required: boolean;
  schema: Json;
  /** Content type of a body. */
  type?: string;
  /** How a list or an object is written into an address; without one, a list repeats its name. */
  style?: Style;
}
export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  tags: string[];
  parts: Part[];
  answer: Json | undefined;
}

/** Version-neutral access to an OpenAPI 3.0, 3.1 or Swagger 2.0 document. */
export interface ApiDocument {
  title: string;
  description: string;
  server: string;
  operations: Operation[];
  securitySchemes: Record<string, Json>;
  resolve(value: unknown): Json;
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/**
 * Reads a document.
 * @throws {Failure} validation_failed when it is neither OpenAPI 3 nor Swagger 2
 */
export function readDocument(value: unknown): ApiDocument {
  const root = object(value);
  if (!/^3\./.test(String(root.openapi)) && String(root.swagger) !== '2.0') {
    const seen = quote(root.openapi ?? root.swagger);
    throw new Failure('validation_failed', {
      message: `This is no OpenAPI 3 or Swagger 2 document (version seen: ${seen})`,
    });
  }
  const resolve = (given: unknown): Json => {
    let found = given;
    // A reference may lead to another; twenty in a row are a circle.
    for (let i = 0; i < 20 && typeof object(found).$ref === 'string'; i++) {
      found = valueAt(root, decodeURIComponent(String(object(found).$ref).replace(/^#/, '')));
    }
    return object(found);
  };
  const info = object(root.info);
  return {
    title: String(info.title ?? 'API'),
    description: String(info.description ?? ''),
    server: serverOf(root),
    operations: operationsOf(root, resolve),
    securitySchemes: Object.fromEntries(
      Object.entries(object(object(root.components).securitySchemes ?? root.securityDefinitions)).map(
        ([name, scheme]) => [name, resolve(scheme)],
      ),
    ),
    resolve,
  };
}

function serverOf(root: Json): string {
  if (root.swagger) {
    const [scheme = 'https'] = list(root.schemes).includes('https') ? ['https'] : list(root.schemes).map(String);
    return root.host ? `${scheme}://${root.host}${root.basePath ?? ''}` : '';
  }
  const server = object(list(root.servers)[0]);
  const variables = object(server.variables);
  return String(server.url ?? '').replace(/\{([^}]+)\}/g, (_whole, name: string) =>
    String(object(variables[name]).default ?? name),
  );
}

function operationsOf(root: Json, resolve: (value: unknown) => Json): Operation[] {
  const found: Operation[] = [];
  for (const [path, given] of Object.entries(object(root.paths))) {
    const item = resolve(given);
    for (const method of methods) {
      if (!item[method]) continue;
      const operation = object(item[method]);
      const takes = list(operation.consumes ?? root.consumes).map(String);
      const parts = partsOf([...list(item.parameters), ...list(operation.parameters)], operation, takes, resolve);
      const named = withNames(path, parts);
      found.push({
        id: String(operation.operationId ?? `${method}_${path}`),
        method: method.toUpperCase(),
        path: named.path,
        summary: String(operation.summary ?? operation.operationId ?? `${method} ${path}`),
        tags: list(operation.tags).map(String),
        parts: named.parts,
        answer: answerOf(operation, resolve),
      });
    }
  }
  return found;
}

/** Every `{name}` of a path has a part of just that name: some documents differ in case, some leave it out. */
function withNames(path: string, parts: Part[]): { path: string; parts: Part[] } {
  const added: Part[] = [];
  const known = parts.filter((part) => part.in === 'path');
  const filled = path.replace(/\{([^}]+)\}/g, (_whole, name: string) => {
    const same = known.find((part) => part.name === name);
    const near = same ?? known.find((part) => part.name.toLowerCase() === name.toLowerCase());
    if (!near) added.push({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } });
    return `{${near?.name ?? name}}`;
  });
  return { path: filled, parts: [...added, ...parts] };
}

/** The host writes these, or the credential does; a document may name them, but they are nobody's to give (OpenAPI 3.1, 4.8.12.1). */
const ownHeaders =
  /^(accept|authorization|connection|content-(length|type|encoding)|cookie|expect|host|te|transfer-encoding|upgrade)$/i;

/** @param takes content types of bodies, as Swagger 2 says them for a whole operation */
function partsOf(parameters: unknown[], operation: Json, takes: string[], resolve: (value: unknown) => Json): Part[] {
  const parts = new Map<string, Part>();
  const form: Json = {};
  const needed: string[] = [];
  for (const given of parameters) {
    const { name, in: place, required, schema, ...rest } = resolve(given);
    if (place === 'formData') {
      form[String(name)] = rest;
      if (required) needed.push(String(name));
    } else if (place === 'body') {
      parts.set('body', {
        name: 'body',
        in: 'body',
        required: required === true,
        schema: object(schema),
        type: preferred(Object.fromEntries(takes.map((type) => [type, {}])))?.[0] ?? 'application/json',
      });
    } else if (place === 'path' || place === 'query' || (place === 'header' && !ownHeaders.test(String(name)))) {
      const content = object(Object.values(object(rest.content))[0]).schema;
      const asked = { name: String(name), in: place, required: required === true || place === 'path' } as const;
      const written = object(schema ?? content ?? rest);
      const style = place === 'query' ? styleOf(rest, resolve(written)) : undefined;
      parts.set(`${place} ${name}`, { ...asked, schema: written, ...(style && { style }) });
    }
  }
  if (Object.keys(form).length > 0) {
    const schema = { type: 'object', properties: form, ...(needed.length > 0 ? { required: needed } : {}) };
    parts.set('body', {
      name: 'body',
      in: 'body',
      required: needed.length > 0,
      schema,
      type: formType(takes, Object.values(form)),
    });
  }
  const body = resolve(operation.requestBody);
  const [type, media] = preferred(object(body.content)) ?? [];
  if (type)
    parts.set('body', {
      name: 'body',
      in: 'body',
      required: body.required === true,
      schema: object(object(media).schema),
      type,
    });
  return [...parts.values()];
}

function answerOf(operation: Json, resolve: (value: unknown) => Json): Json | undefined {
  const [, answer] = Object.entries(object(operation.responses)).find(([status]) => /^2/.test(status)) ?? [];
  const found = resolve(answer);
  const [, media] = preferred(object(found.content)) ?? [];
  const schema = found.schema ?? object(media).schema;
  return schema === undefined ? undefined : object(schema);
}

/** Files need the one form, and where nothing else is taken everything does. */
function formType(takes: string[], fields: unknown[]): string {
  const multipart = 'multipart/form-data';
  const urlencoded = 'application/x-www-form-urlencoded';
  const isFile = fields.some((field) => object(field).type === 'file');
  return isFile || (takes.includes(multipart) && !takes.includes(urlencoded)) ? multipart : urlencoded;
}

/** Plain JSON where it is offered, else another kind of it, else a form, else whatever comes first. */
function preferred(content: Json): [string, unknown] | undefined {
  const entries = Object.entries(content);
  return (
    entries.find(([type]) => /^application\/json\b/.test(type)) ??
    // Of patches, the one whose body is like the thing itself.
    entries.find(([type]) => /merge-patch\+json/.test(type)) ??
    entries.find(([type]) => /json/.test(type)) ??
    entries.find(([type]) => /form-urlencoded/.test(type)) ??
    entries[0]
  );
}
