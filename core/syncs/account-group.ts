import type { IntegrationDoc } from '../integrations/model.ts';

/** The group of jobs that work for one account at a vendor: two integrations with the same one take turns there. */
export function accountGroup({ _id, installation_id, auth_summary }: IntegrationDoc): string {
  return `account:${installation_id}:${auth_summary.account ?? _id}`;
}
