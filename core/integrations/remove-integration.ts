import { audit } from '../audit/audit.ts';
import { openCredential } from '../credentials/credential.ts';
import { revokeCredential } from '../credentials/tokens/revoke.ts';
import { trusted } from '../database/mongoose.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import { emitEvent } from '../events/emit-event.ts';
import { unsubscribeAll } from '../hooks/subscribe.ts';
import type { Caller } from '../http/caller.ts';
import { Installation } from '../installations/model.ts';
import { Job } from '../jobs/model.ts';
import { log } from '../log.ts';
import { forgetSyncs } from '../syncs/forget-syncs.ts';
import { findIntegration } from './find-integration.ts';
import { Integration, IntegrationLog } from './model.ts';
import { eventDataOf } from './note.ts';
import { OAuthState } from './oauth/model.ts';

/**
 * Removes an integration: the vendor's webhooks, then the token at the vendor, then everything here. A vendor that
 * cannot be reached does not keep it: what could not be taken back there is logged.
 *
 * @throws Failure `integration_not_found`
 */
export async function removeIntegration(
  caller: Caller,
  id: string,
  options: { keep_records?: boolean; address?: string } = {},
): Promise<void> {
  const integration = await findIntegration(caller, id);
  const { workspace_id } = integration;
  const installation = await Installation.findOne({ _id: integration.installation_id, workspace_id }).lean();
  if (installation) {
    await unsubscribeAll(installation, integration);
    if (openCredential(integration)) {
      try {
        await revokeCredential(
          { workspace_id, installation, integration: { _id: id }, configuration: {} },
          integration,
        );
      } catch (error) {
        log.warn({ err: error, integration: id }, 'the token could not be revoked at the vendor; it is forgotten here');
      }
    }
  }
  await transaction(async () => {
    const { deletedCount } = await Integration.deleteOne({ _id: id, workspace_id });
    if (deletedCount === 0) return;
    await forgetSyncs(integration, { keep_records: options.keep_records ?? false });
    await IntegrationLog.deleteMany({ workspace_id, integration_id: id });
    await OAuthState.deleteMany({ workspace_id, integration_id: id });
    // What long actions of it still wait for; an invocation says that it was cancelled.
    await Job.deleteMany({
      ...{ workspace_id, kind: 'action.run', group: id },
      state: trusted({ $ne: 'running' }),
      'data.part.number': trusted({ $gt: 1 }),
    });
    await emitEvent({
      workspace_id,
      project_id: integration.project_id,
      type: 'integration.deleted',
      data: eventDataOf(integration),
      source: { kind: caller.kind, id: caller.id },
    });
    await audit({
      workspace_id,
      caller,
      action: 'integration.deleted',
      target: { kind: 'integration', id, name: integration.name },
      before: { integration_type: integration.integration_type, project_id: integration.project_id },
      ...(options.address === undefined ? {} : { address: options.address }),
    });
    await announce(workspace_id);
  });
}
