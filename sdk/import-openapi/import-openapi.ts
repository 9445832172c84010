import { checkManifest, manifestBytes } from '../contract/check-manifest.ts';
import { Failure } from '../contract/failure.ts';
import type { Manifest } from '../contract/manifest.ts';
import { schemaLimits } from '../contract/stranger-schema.ts';
import { authOf } from './auth-of.ts';
import { type ApiDocument, type Operation, type Part, readDocument } from './document.ts';
import { type Json, object } from './json.ts';
import { narrowSchema } from './narrow-schema.ts';
import { type StreamPlan, streamOf } from './streams-of.ts';
import type { Style } from './style-of.ts';

/** Levels of outputs and of inputs, from the fullest description to the leanest. */
const depths = [
  ...[5, 3, 2, 1, 0, -1].map((levels): [number, number] => [levels, 4]),
  ...[3, 2, 1].map((levels): [number, number] => [-1, levels]),
] as const;

/** How one action becomes a request; the generated handler reads this. */
export interface RequestPlan {
  method: string;
  path: string;
  query: string[];
  header: string[];
  /** Lists and objects of the query that are not written by repeating their names. */
  styles?: Record<string, Style>;
  body?: 'json' | 'form' | 'multipart' | 'text';
  /** Content type of the body, where the document names one. */
  type?: string;
}

export interface Imported {
  manifest: Manifest;
  operations: Record<string, RequestPlan>;
  streams: Record<string, StreamPlan>;
  /** What did not become an action, and why. */
  left_out: { operation: string; reason: string }[];
  notes: string[];
}

export interface ImportOptions {
  /** `@publisher/name` */
  name: string;
  /** Tags or operation ids; all unless given. */
  only?: string[];
  /** Where the API is, when the document does not say. */
  server?: string;
}

/**
 * Makes a plugin of an OpenAPI 3.0, 3.1 or Swagger 2.0 document: an action for each operation, its address as permission,
 * its authorisation as `auth`. Parameters are fields of the input, the body is its field `body`.
 *
 * @throws {Failure} validation_failed when it is no such document, or names no usable address
 */
export function importOpenapi(value: unknown, options: ImportOptions): Imported {
  const document = readDocument(value);
  const server = serverOf(document, options);
  const wanted = document.operations.filter(
    ({ id, tags }) => !options.only || options.only.some((word) => word === id || tags.includes(word)),
  );
  const left_out: Imported['left_out'] = [];
  const notes: string[] = [];
  const named = namesFor(wanted, document, left_out);
  const operations = Object.fromEntries([...named].map(([name, operation]) => [name, planOf(operation)]));
  const { auth, note } = authOf(document.securitySchemes, server);
  notes.push(note);

  // The whole manifest has a limit too: outputs are described as deep as it allows, then inputs.
  for (const [levels, inputLevels] of depths) {
    const manifest = manifestOf(document, options, server, auth, named, levels, inputLevels);
    if (Buffer.byteLength(JSON.stringify(manifest)) > manifestBytes - 4_096) continue;
    const checked = checkManifest(manifest);
    if (!checked.ok) {
      const message = `The document cannot become a plugin: ${checked.errors[0]?.message}`;
      throw new Failure('validation_failed', { message, content: { errors: checked.errors } });
    }
    if (levels < 5)
      notes.push(`Outputs are described ${Math.max(levels, 0)} levels deep, as the manifest's size allows.`);
    if (inputLevels < 4) notes.push(`Inputs are described ${inputLevels} levels deep, for the same reason.`);
    const streams = streamPlans(named, document);
    const made = Object.keys(streams).length;
    notes.push(
      made > 0
        ? `${made} list operations are streams too: their pages are turned as the document describes.`
        : 'No streams were made: no list operation says how its pages are turned and what its key is.',
    );
    return { manifest, operations, streams, left_out, notes };
  }
  throw new Failure('validation_failed', {
    message: `${named.size} operations do not fit into a manifest of ${manifestBytes} bytes; choose some with --only`,
  });
}

function serverOf(document: ApiDocument, options: ImportOptions): URL {
  const text = options.server ?? document.server;
  if (URL.canParse(text) && /^https?:/.test(text))
    return new URL(text.replace(/\/*$/, '/').replace(/^http:/, 'https:'));
  throw new Failure('validation_failed', {
    message: 'The document names no address of its API; give one with --server https://…',
  });
}

/** A name for each operation; two of the same name are told apart by a number. */
function namesFor(
  operations: Operation[],
  { resolve }: ApiDocument,
  left_out: Imported['left_out'],
): Map<string, Operation> {
  const named = new Map<string, Operation>();
  for (const operation of operations) {
    const file = operation.parts.find((part) => isFile(part, resolve));
    if (file) {
      left_out.push({ operation: operation.id, reason: `its body is ${file.type}; send files with ctx.files` });
      continue;
    }
    const plain = operation.id
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, 58);
    let name = plain || operation.method.toLowerCase();
    for (let n = 2; named.has(name); n++) name = `${plain}_${n}`;
    named.set(name, operation);
  }
  return named;
}

/** Whether a body is bytes, or a form with a field that is. */
function isFile({ type = '', schema }: Part, resolve: (value: unknown) => Json): boolean {
  if (/octet-stream|^(image|audio|video)\//.test(type)) return true;
  if (!/multipart/.test(type)) return false;
  const fields = Object.values(object(resolve(schema).properties)).map(resolve);
  return (
    fields.length === 0 ||
    fields.some(
      (field) => field.type === 'file' || [field, resolve(field.items)].some(({ format }) => format === 'binary'),
    )
  );
}

function planOf({ method, path, parts }: Operation): RequestPlan {
  const of = (place: string) => parts.filter((part) => part.in === place).map(({ name }) => name);
  const styles = Object.fromEntries(parts.flatMap(({ name, style }) => (style ? [[name, style]] : [])));
  const type = parts.find((part) => part.in === 'body')?.type;
  const body = type === undefined ? undefined : bodyOf(type);
  // A form says its own type, with its boundary; a range such as */* is none.
  const isNamed = body === 'json' || body === 'text';
  return {
    ...{ method, path, query: of('query'), header: of('header') },
    ...(Object.keys(styles).length > 0 && { styles }),
    ...(body && { body }),
    ...(isNamed && type !== undefined && !type.includes('*') && { type }),
  };
}

function bodyOf(type: string): NonNullable<RequestPlan['body']> {
  if (/json/.test(type)) return 'json';
  return /multipart/.test(type) ? 'multipart' : /form/.test(type) ? 'form' : 'text';
}

function manifestOf(
  document: ApiDocument,
  options: ImportOptions,
  server: URL,
  auth: Json | undefined,
  named: Map<string, Operation>,
  levels: number,
  inputLevels: number,
): Manifest {
  const [, plain = ''] = options.name.split('/');
  const methods = [...new Set([...named.values()].map(({ method }) => method))];
  const manifest = {
    manifest_version: 1,
    name: options.name,
    version: '0.1.0',
    display_name: document.title.slice(0, 100) || plain,
    description: (document.description.split('\n')[0] || `Actions of ${document.title}`).slice(0, 300),
    engines: { patchbay: '>=1.0.0 <2' },
    ...(auth
      ? { integration: { type: plain.replaceAll('-', '_'), category: 'custom', service_type: 'custom' }, auth: [auth] }
      : {}),
    permissions: [
      { name: 'network', hosts: [server.host], methods, reason: `To call ${document.title.slice(0, 100)} for you` },
    ],
    ...streamsOf(document, named, levels),
    actions: Object.fromEntries(
      [...named].map(([name, operation]) => [name, actionOf(operation, document, levels, inputLevels)]),
    ),
  };
  return manifest as unknown as Manifest;
}

function streamsOf(document: ApiDocument, named: Map<string, Operation>, levels: number): Json {
  const streams = [...named].flatMap(([name, operation]) => {
    const found = streamOf(operation, document, levels);
    return found ? [[name, found.stream] as const] : [];
  });
  return streams.length > 0 ? { streams: Object.fromEntries(streams) } : {};
}

function streamPlans(named: Map<string, Operation>, document: ApiDocument): Record<string, StreamPlan> {
  const plans = [...named].flatMap(([name, operation]) => {
    const found = streamOf(operation, document, 0);
    return found ? [[name, found.plan] as const] : [];
  });
  return Object.fromEntries(plans);
}

function actionOf(
  { summary, method, parts, answer }: Operation,
  { resolve }: ApiDocument,
  levels: number,
  inputLevels: number,
): Json {
  const required = parts.filter((part) => part.required).map(({ name }) => name);
  const inputAt = (depth: number) => ({
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
    properties: Object.fromEntries(
      parts.map((part) => [
        part.name,
        sendable(part, narrowSchema(part.schema, resolve, Math.min(depth, inputLevels))),
      ]),
    ),
  });
  const output =
    levels < 0 || !answer ? undefined : fitting((depth) => narrowSchema(answer, resolve, Math.min(depth, levels), 1));
  return {
    title: summary.slice(0, 200) || method,
    ...(parts.length > 0 ? { input: fitting(inputAt) } : {}),
    ...(output && Object.keys(output).length > 0 ? { output } : {}),
    ...(['GET', 'HEAD', 'PUT', 'DELETE'].includes(method) ? { idempotent: true } : {}),
  };
}

/** A list in an address that has no entries is not sent at all: a required one needs at least one. */
function sendable({ in: place, required }: Part, schema: Json): Json {
  const isList = required && place === 'query' && schema.type === 'array';
  return isList ? { ...schema, minItems: Math.max(1, Number(schema.minItems ?? 1)) } : schema;
}

/** As deep as the limits of one schema allow. */
function fitting(make: (depth: number) => Json): Json {
  for (const depth of [4, 3, 2, 1]) {
    const schema = make(depth);
    if (Buffer.byteLength(JSON.stringify(schema)) <= schemaLimits.bytes / 4) return schema;
  }
  return make(0);
}
