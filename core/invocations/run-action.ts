import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import type { Manifest } from '../../sdk/contract/manifest.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { strangerCheck } from '../../sdk/contract/stranger/stranger-check.ts';
import type { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import { type ChosenRelease, chooseRelease } from './choose-release.ts';
import { type InvokeAnswer, invoke } from './invoke.ts';
import type { Part } from './later-action.ts';
import type { Cause } from './model.ts';

export interface ActionRequest {
  workspace_id: string;
  installation: Installation;
  action: string;
  input: unknown;
  project_id: string | null;
  integration?: IntegrationDoc | null;
  cause: Cause;
  signal?: AbortSignal;
  /** of the sentences about a wrong input or a missing setting; English unless given */
  language?: Language;
  /** an id that somebody was told already, who comes back for the output */
  invocation_id?: string;
  /** of a long action: which call it is, and what the one before gave to `again` */
  part?: Part;
  state?: unknown;
}

/** An action that may run: known, with an input as its manifest wants it. */
interface CheckedAction {
  release: ChosenRelease;
  action: NonNullable<Manifest['actions']>[string];
  input: unknown;
}

/**
 * What `runAction` checks before it calls the plugin.
 *
 * @throws Failure `not_found`, `validation_failed`
 */
export function checkAction(request: ActionRequest): CheckedAction {
  const { installation, project_id, integration } = request;
  const release = chooseRelease(installation, project_id ?? integration?.project_id ?? null);
  const actions = release.manifest.actions ?? {};
  const action = Object.hasOwn(actions, request.action) ? actions[request.action] : undefined;
  if (!action) {
    const near = nearest(request.action, Object.keys(actions));
    throw new Failure('not_found', {
      message: `${installation.name} has no action ${quote(request.action)}${near ? `; did you mean ${near}?` : `; it has ${Object.keys(actions).join(', ') || 'none'}`}`,
      content: { nearest: near ?? null },
    });
  }
  return { release, action, input: checkedInput(action.input, request.input, request.language) };
}

/**
 * Runs an action: its input is checked against the manifest first, its output after, unless it goes on later.
 *
 * @throws Failure `not_found` for an unknown action (naming the nearest), `validation_failed` with pointers below
 *   `/input`, `plugin_failed` for an output that is not as declared, and what `invoke` throws
 */
export async function runAction(request: ActionRequest): Promise<InvokeAnswer> {
  const { installation, project_id, integration } = request;
  const { release, action, input } = checkAction(request);
  const answer = await invoke({
    workspace_id: request.workspace_id,
    installation,
    handler: `actions.${request.action}`,
    args: request.state === undefined ? [input] : [input, request.state],
    project_id,
    integration: integration ?? null,
    cause: request.cause,
    release,
    ...(action.idempotent && { idempotent: true }),
    ...(action.timeout_ms !== undefined && { timeout_ms: action.timeout_ms }),
    ...(request.signal && { signal: request.signal }),
    ...(request.language && { language: request.language }),
    ...(request.invocation_id !== undefined && { invocation_id: request.invocation_id, use: 'job' as const }),
    ...(request.part && { part: request.part }),
  });
  if (answer.goes_on) return answer;
  const checked = action.output === undefined ? null : strangerCheck(action.output as object)(answer.output);
  if (!checked || checked.ok) return answer;
  const first = checked.errors[0];
  throw new Failure('plugin_failed', {
    message: `${installation.name} answered ${request.action} with an output that is not as its manifest says: ${first?.pointer} ${first?.message}`,
    content: {
      error: {
        type: 'bad_answer',
        message: `The output ${first?.pointer} ${first?.message}`,
        plugin: installation.name,
        version: release.version,
        invocation_id: answer.invocation_id,
      },
    },
  });
}

function checkedInput(schema: unknown, input: unknown, language: Language | undefined): unknown {
  const given = input ?? {};
  // An action that declares no input takes none.
  const rule = (schema ?? { type: 'object', additionalProperties: false }) as object;
  const checked = strangerCheck(rule, { defaults: true })(given, language);
  if (checked.ok) return checked.value;
  throw new Failure('validation_failed', {
    content: { errors: checked.errors.map((error) => ({ ...error, pointer: `/input${error.pointer}` })) },
  });
}
