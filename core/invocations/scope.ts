import type { LogLine } from '../../sandbox/types.ts';
import type { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import type { Recorder } from './recorder.ts';

/** On whose behalf a call runs, from the host's own records. Handed to every capability; never leaves this process. */
export interface CallScope {
  workspace_id: string;
  installation: Installation;
  integration: IntegrationDoc | null;
  project_id: string | null;
  invocation_id: string;
  /** the event that the call answers: what the plugin emits follows from it */
  caused_by: string | null;
  /** the settings that the call began with, those of the integration laid over; without secrets */
  configuration: Record<string, unknown>;
  /** opens a secret setting by its name */
  configuration_secret(name: string): string | null;
  /** notes in the audit log that this call uses the account's credential */
  credential_used(): Promise<void>;
  /** where the vendor's answer to this call holds the secret of a hook */
  hook_secret?: { hook_id: string; at: string } | undefined;
  /** writes down the host's answers, when the call is recorded */
  recorder: Recorder | null;
  /** called for each line that the plugin logs, as it comes */
  logged(line: LogLine): void;
}
