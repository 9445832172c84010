import { audit } from '../audit/audit.ts';
import type { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import type { Cause } from './model.ts';

/** One call that may use an account's credential. */
export interface CredentialUse {
  workspace_id: string;
  installation: Pick<Installation, '_id' | 'name'>;
  integration: Pick<IntegrationDoc, '_id' | 'name'> | null;
  invocation_id: string;
  handler: string;
  cause: Cause;
}

/**
 * Makes what is called before the credential of an account goes into a request: the audit log gets one entry for the
 * whole call. A request does not leave while the entry cannot be written.
 */
export function credentialNote(use: CredentialUse): () => Promise<void> {
  let noted: Promise<void> | undefined;
  return async () => {
    noted ??= note(use);
    try {
      await noted;
    } catch (error) {
      // The next request tries again; this one stays here.
      noted = undefined;
      throw error;
    }
  };
}

async function note({ workspace_id, installation, integration, ...call }: CredentialUse): Promise<void> {
  if (!integration) return;
  const { invocation_id, handler, cause } = call;
  await audit({
    workspace_id,
    actor: { kind: 'plugin', id: installation._id, label: installation.name },
    action: 'credential.used',
    target: { kind: 'integration', id: integration._id, name: integration.name },
    after: { invocation_id, handler, cause },
  });
}
