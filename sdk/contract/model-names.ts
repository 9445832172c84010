/** The unified models (`models.ts` has their schemas). */
export const modelNames = [
  ...(['repository', 'issue', 'pull_request', 'message', 'build', 'container', 'workload', 'alert'] as const),
  ...(['ad_campaign', 'ad_metric', 'crm_customer', 'deal', 'order', 'product', 'inventory_item'] as const),
  ...(['content_asset', 'subscriber', 'health_metric', 'activity', 'channel', 'workflow', 'dashboard'] as const),
] as const;
export type ModelName = (typeof modelNames)[number];
