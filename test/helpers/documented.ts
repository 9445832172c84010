import { pathPattern } from '../../core/http/router.ts';
import { accepts } from '../../sdk/contract/accepts.ts';

interface Document {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { $ref?: string; content?: Record<string, { schema: object }> }> }>
  >;
  components: {
    schemas: Record<string, object>;
    responses: Record<string, { content: Record<string, { schema: object }> }>;
  };
}

const documents = new Map<string, Promise<Document>>();

/**
 * Holds an answer of a real host against the document that the same host publishes: the operation is there, its status
 * is one it names, and the body validates.
 *
 * @throws Error naming operation, status and every broken rule
 */
export async function expectDocumented(
  url: string,
  method: string,
  path: string,
  response: Response,
  body: unknown,
): Promise<void> {
  const local = olderToToday(path.split('?')[0] ?? '');
  if (!local.startsWith('/api/v1/') || method === 'HEAD' || method === 'OPTIONS') return;
  const document = await documentOf(url);
  const matches = Object.keys(document.paths).filter((known) => pathPattern(`/api/v1${known}`).test(local));
  const known = matches.sort((a, b) => parameters(a) - parameters(b) || b.length - a.length)[0];
  const operation = known === undefined ? undefined : document.paths[known]?.[method.toLowerCase()];
  const content = operation
    ? contentOf(document, operation.responses, response.status)
    : document.components.responses.ClientFailure?.content;
  const name = `${method} ${known ?? local} ${response.status}`;
  if (content === undefined) throw new Error(`${name}: the document does not name this status`);
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  if (response.status === 303 || response.status === 204) return;
  if (type !== 'application/json') {
    if (!(type in content) && !('*/*' in content))
      throw new Error(`${name}: the document does not name ${type}; it has ${Object.keys(content)}`);
    return;
  }
  const schema = content['application/json']?.schema;
  if (!schema) throw new Error(`${name}: the document names no JSON answer`);
  if (known === '/openapi.json') return;
  const verdict = accepts(resolvable(document, schema))(body);
  if (!verdict.ok)
    throw new Error(
      `${name} is not as the document says: ${JSON.stringify(verdict.errors.slice(0, 5))} in ${JSON.stringify(body).slice(0, 600)}`,
    );
}

function contentOf(document: Document, responses: Document['paths'][string][string]['responses'], status: number) {
  const entry = responses[String(status)] ?? responses[`${String(status)[0]}XX`];
  if (!entry) return undefined;
  return (entry.$ref ? document.components.responses[entry.$ref.split('/').at(-1) ?? ''] : entry)?.content ?? {};
}

function documentOf(url: string): Promise<Document> {
  const known = documents.get(url);
  if (known) return known;
  const asked = fetch(`${url}/api/v1/openapi.json`).then((answer) => answer.json() as Promise<Document>);
  documents.set(url, asked);
  return asked;
}

const made = new WeakMap<object, object>();

/** The schema with the document's components beside it, so that its references resolve. */
function resolvable(document: Document, schema: object): object {
  const known = made.get(schema);
  if (known) return known;
  const whole = { ...schema, components: { schemas: document.components.schemas } };
  made.set(schema, whole);
  return whole;
}

function parameters(path: string): number {
  return path.split('{').length - 1;
}

function olderToToday(path: string): string {
  return path
    .replace(/^\/api\/(?!v1(\/|$))/, '/api/v1/')
    .replace('/api/v1/integrations/webhooks', '/api/v1/webhooks')
    .replace('/api/v1/integrations/api-keys', '/api/v1/api-keys')
    .replace(/^\/api\/v1\/integrations\/marketplace/, '/api/v1/plugins/marketplace');
}
