import { Reply } from '../../http/route.ts';
import { base } from '../../http/router.ts';
import type { Shape } from '../../http/shape.ts';
import type { actionAnswerSchema } from '../schemas.ts';

/** The answer to an action that runs, or goes on, without its caller: 202, and where to ask for its end. */
export function accepted(invocation_id: string, headers: Record<string, string> = {}) {
  // A route's type is that of its first answer; `accepted` of the route describes this one.
  return new Reply({ invocation_id, status: 'queued' } as unknown as Shape<typeof actionAnswerSchema>, {
    status: 202,
    headers: { ...headers, Location: `${base}/invocations/${invocation_id}` },
  });
}
