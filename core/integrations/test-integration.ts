import { Failure } from '../../sdk/contract/failure.ts';
import { asText } from '../credentials/read-ref.ts';
import type { Caller } from '../http/caller.ts';
import { invoke } from '../invocations/invoke.ts';
import { findConnected } from './find-integration.ts';
import { Integration } from './model.ts';
import { note } from './note.ts';

/** What a test of a connection found. */
export interface TestResult {
  ok: boolean;
  account: string | null;
  invocation_id: string | null;
  error: string | null;
}

/**
 * Asks the vendor, through the plugin's `test` (else `connect`), who we are. A success brings an integration in `error`
 * back to `active`; a failure is told and logged, not thrown.
 *
 * @throws Failure `integration_not_found`, `conflict` when there is nothing to test with
 */
export async function testIntegration(caller: Caller, id: string, signal: AbortSignal): Promise<TestResult> {
  const { integration, installation } = await findConnected(caller, id);
  const handler = ['test', 'connect'].find((one) => installation.handlers.includes(one));
  if (!handler) throw new Failure('conflict', { message: `${installation.name} has no test for its connections` });
  if (integration.status === 'pending_setup')
    throw new Failure('conflict', {
      help: integration.choices ? 'choose-account' : 'not-connected',
      message: integration.sync_error_message ?? 'This integration is not connected yet: give it credentials first',
    });
  try {
    const { output, invocation_id } = await invoke({
      workspace_id: caller.workspace_id,
      installation,
      handler,
      args: handler === 'connect' ? [{ token: {}, callback: {} }] : [],
      project_id: integration.project_id,
      integration,
      cause: { kind: caller.kind, id: caller.id, label: caller.label },
      signal,
    });
    const account = asText((output as { account?: unknown } | null)?.account) ?? null;
    await Integration.updateOne(
      { _id: id, workspace_id: caller.workspace_id },
      {
        $set: {
          ...(account ? { 'auth_summary.account': account } : {}),
          ...(integration.status === 'error' ? { status: 'active', sync_error_message: null } : {}),
        },
      },
    );
    await note(integration, {
      action: 'tested',
      message: account ? `We are ${account}` : 'The connection works',
      actor: caller.label,
    });
    return { ok: true, account, invocation_id, error: null };
  } catch (error) {
    if (!(error instanceof Failure) || error.name !== 'plugin_failed') throw error;
    const told = (error.content as { error?: { invocation_id?: string } }).error;
    await note(integration, {
      action: 'error',
      level: 'error',
      message: `Test: ${error.message}`,
      actor: caller.label,
    });
    return { ok: false, account: null, invocation_id: told?.invocation_id ?? null, error: error.message };
  }
}
