import { enqueue } from '../jobs/enqueue.ts';
import type { Cause } from './model.ts';

/** Which call of a long action one is: the first has the number 1, and its id is the one that people ask for. */
export interface Part {
  root: string;
  number: number;
  began_at: Date;
}

/** An action that runs without its caller: taken on for later, or the next call of a long one. */
export interface LaterAction {
  /** of the call to come */
  invocation_id: string;
  installation_id: string;
  integration_id: string | null;
  project_id: string | null;
  action: string;
  /** JSON text: names in it are a caller's, which no document may hold */
  input_text: string;
  cause: Cause;
  part?: Part;
  /** JSON text of what the call before gave to `again` */
  state_text?: string;
}

/** The id of the job that makes a call nobody waits for. */
export function laterJobId(invocation_id: string): string {
  return `action.run:${invocation_id}`;
}

/** Has an action run by a job; call it inside the transaction of what it follows from. */
export async function enqueueLater(workspace_id: string, data: LaterAction, delay_ms = 0): Promise<void> {
  await enqueue({
    id: laterJobId(data.invocation_id),
    kind: 'action.run',
    workspace_id,
    group: data.integration_id ?? data.installation_id,
    delay_ms,
    data,
  });
}
