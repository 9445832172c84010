import type { FetchAnswer } from '../../sandbox/types.ts';
import type { EgressAnswer } from '../egress/egress.ts';
import { blankSecrets } from './blank-secrets.ts';
import { redactJson } from './redact-json.ts';

/** The answer as the plugin gets it: no secret in it, and none of the fields that the manifest redacts. */
export function presentAnswer(
  answer: EgressAnswer,
  means: string,
  hidden: { secrets: readonly string[]; redact: readonly string[] },
): FetchAnswer {
  const clean = blankSecrets(hidden.secrets);
  const body = clean.bytes(hidden.redact.length > 0 ? redactJson(answer.body, hidden.redact) : answer.body);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = clean.text(value);
  // Decoded already, and perhaps of another length now.
  delete headers['content-encoding'];
  delete headers['content-length'];
  const text = body.toString();
  const isText = Buffer.from(text).equals(body);
  return {
    status: answer.status,
    headers,
    url: clean.text(answer.url),
    means,
    body: isText ? text : body.toString('base64'),
    body_encoding: isText ? 'utf8' : 'base64',
  };
}
