import { Failure } from '../../sdk/contract/failure.ts';
import { quote } from '../../sdk/contract/quote.ts';
import type { Caller } from '../http/caller.ts';
import { type Installation, Installation as Installations } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from './model.ts';

/**
 * An integration that the caller may see: of this workspace, and of the caller's project when its key has one.
 *
 * @throws Failure `integration_not_found`
 */
export async function findIntegration(
  caller: Pick<Caller, 'workspace_id' | 'project_id'>,
  id: string,
): Promise<IntegrationDoc> {
  const found = await Integration.findOne({ _id: id, workspace_id: caller.workspace_id }).lean();
  if (found && (caller.project_id === null || caller.project_id === found.project_id)) return found;
  throw new Failure('integration_not_found', {
    message: `There is no integration ${quote(id)}; GET /integrations lists them.`,
  });
}

/** The same with the installed plugin that it was made with. @throws Failure `integration_not_found`, `plugin_not_found` */
export async function findConnected(
  caller: Pick<Caller, 'workspace_id' | 'project_id'>,
  id: string,
): Promise<{ integration: IntegrationDoc; installation: Installation }> {
  const integration = await findIntegration(caller, id);
  const installation = await Installations.findOne({
    _id: integration.installation_id,
    workspace_id: caller.workspace_id,
  }).lean();
  if (installation) return { integration, installation };
  throw new Failure('plugin_not_found', {
    message: `The plugin of this integration (${integration.integration_type}) is no longer installed.`,
  });
}
