import { chainEntries } from '../audit/chain.ts';
import { Again, defineJob } from '../jobs/define-job.ts';
import { standingSchedule } from '../jobs/standing.ts';

/** Says how new audit entries are chained: within a minute, one node at a time. */
export function defineAccessJobs(): void {
  standingSchedule({
    id: 'audit-chain',
    workspace_id: 'site',
    kind: 'audit.chain',
    every_s: 60,
    jitter_s: 10,
    data: null,
  });
  defineJob<null>('audit.chain', {
    concurrency: 1,
    async handle() {
      return (await chainEntries()) > 0 ? new Again({ in_ms: 0 }) : undefined;
    },
  });
}
