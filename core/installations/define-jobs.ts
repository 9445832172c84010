import { Again, defineJob } from '../jobs/define-job.ts';
import { standingSchedule } from '../jobs/standing.ts';
import { autoUpgrade } from './auto-upgrade.ts';
import { judgeCanary } from './canary.ts';
import { defineScheduledCalls } from './run-scheduled.ts';

const judgeMs = 10_000;

/** What the host does for plugins by itself: watches releases on trial, and upgrades those that asked for it. */
export function definePluginJobs(): void {
  defineScheduledCalls();
  defineJob<{ installation_id: string }>('plugin.canary', {
    concurrency: 2,
    max_attempts: 20,
    async handle(job) {
      return (await judgeCanary(job.data.installation_id)) ? new Again({ in_ms: judgeMs }) : undefined;
    },
  });
  // Four times an hour, on one node.
  standingSchedule({
    id: 'plugins.auto_upgrade',
    workspace_id: 'site',
    kind: 'plugin.auto_upgrade',
    cron: '*/15 * * * *',
    jitter_s: 300,
    data: null,
  });
  defineJob('plugin.auto_upgrade', {
    concurrency: 1,
    async handle() {
      await autoUpgrade();
    },
  });
}
