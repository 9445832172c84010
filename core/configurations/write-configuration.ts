import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import { audit } from '../audit/audit.ts';
import { newId } from '../database/id.ts';
import { announce } from '../database/news.ts';
import { transaction } from '../database/transaction.ts';
import type { Installation } from '../installations/model.ts';
import { mergeSettings, secretPlace } from '../invocations/settings.ts';
import { seal, unseal } from '../vault/vault.ts';
import { checkValues, maskedSecret, secretNames } from './check-values.ts';
import { Configuration, ConfigurationRevision, type SealedSetting } from './model.ts';

/** Who changes settings. */
export interface Author {
  kind: 'user' | 'key' | 'system';
  id: string;
  label: string;
}

export interface ConfigurationChange {
  workspace_id: string;
  installation: Installation;
  /** null: the workspace's own level */
  project_id: string | null;
  /** replaces every setting of this level; absent: they stay */
  configuration?: Record<string, unknown>;
  is_active?: boolean;
  /** the revision that the writer read; absent: whatever is there */
  revision?: number;
  /** `new`: there must be none yet (POST) */
  expects?: 'new';
  author: Author;
  cause?: string;
  language?: Language;
}

/**
 * Writes one level of an installation's settings, with a new revision.
 *
 * @throws Failure `configuration_invalid` with JSON Pointers; `conflict` with `content.revision` when somebody else
 *   wrote since, or when `new` is expected and there is one
 */
export async function writeConfiguration(change: ConfigurationChange): Promise<Configuration> {
  const { workspace_id, installation, project_id } = change;
  return transaction(async () => {
    const before = await Configuration.findOne({ workspace_id, installation_id: installation._id, project_id }).lean();
    mustMatch(before, change);
    const _id = before?._id ?? newId('cfg');
    const { values_text, secrets } = split(change, _id, before);
    const after: Configuration = {
      _id,
      workspace_id,
      installation_id: installation._id,
      project_id,
      values_text,
      secrets,
      is_active: change.is_active ?? before?.is_active ?? true,
      revision: (before?.revision ?? 0) + 1,
      updated_by: change.author.id,
      created_at: before?.created_at ?? new Date(),
      updated_at: new Date(),
    };
    await mustBeWhole(change, after);
    await store(change, before, after);
    return after;
  });
}

function mustMatch(before: Configuration | null, change: ConfigurationChange): void {
  const revision = before?.revision ?? null;
  if (change.expects === 'new' && before) {
    throw new Failure('conflict', {
      message: 'There is a configuration already; change it with PUT',
      content: { revision },
    });
  }
  if (change.revision !== undefined && change.revision !== (revision ?? 0)) {
    throw new Failure('conflict', {
      message: `Somebody else wrote revision ${revision ?? 0} since you read ${change.revision}; read it again`,
      content: { revision },
    });
  }
}

/** Parts what is sealed from what is not. A masked secret keeps what was sealed; null takes a setting away. */
function split(
  change: ConfigurationChange,
  _id: string,
  before: Configuration | null,
): Pick<Configuration, 'values_text' | 'secrets'> {
  if (change.configuration === undefined) {
    return { values_text: before?.values_text ?? '{}', secrets: before?.secrets ?? [] };
  }
  const names = secretNames(change.installation.manifest);
  const values: Record<string, unknown> = {};
  const secrets: SealedSetting[] = [];
  for (const [name, value] of Object.entries(change.configuration)) {
    if (!names.has(name)) {
      Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
      continue;
    }
    const known = before?.secrets.find((secret) => secret.name === name);
    if (value === maskedSecret) {
      if (known) secrets.push({ name, sealed: known.sealed });
    } else if (typeof value === 'string') {
      const sealed = seal(value, secretPlace({ _id, workspace_id: change.workspace_id }, name));
      secrets.push({ name, sealed });
    } else {
      throw new Failure('configuration_invalid', {
        content: {
          errors: [
            {
              pointer: `/configuration/${name}`,
              message: 'must be a text',
              keyword: 'type',
              params: { type: 'string' },
            },
          ],
        },
      });
    }
  }
  return { values_text: JSON.stringify(values), secrets };
}

/** This level by itself, and for a project both levels together, must be as the schema says. */
async function mustBeWhole(change: ConfigurationChange, after: Configuration): Promise<void> {
  const { installation, workspace_id, project_id, language } = change;
  const { manifest } = installation;
  const own = opened(after);
  checkValues(manifest, own, true, language);
  if (project_id === null) return;
  const workspace = await Configuration.findOne({
    workspace_id,
    installation_id: installation._id,
    project_id: null,
  }).lean();
  const { values } = mergeSettings(manifest, workspace ?? undefined, after);
  checkValues(
    manifest,
    { ...values, ...(workspace ? openedSecrets(workspace) : {}), ...openedSecrets(after) },
    false,
    language,
  );
}

/** Every value of a level, secrets in the clear: for the check only. */
export function opened(level: Configuration): Record<string, unknown> {
  return { ...(JSON.parse(level.values_text) as Record<string, unknown>), ...openedSecrets(level) };
}

function openedSecrets(level: Configuration): Record<string, string> {
  return Object.fromEntries(level.secrets.map(({ name, sealed }) => [name, unseal(sealed, secretPlace(level, name))]));
}

async function store(change: ConfigurationChange, before: Configuration | null, after: Configuration): Promise<void> {
  const { created_at: _, updated_at: __, ...stored } = after;
  if (before) {
    const { _id, ...set } = stored;
    await Configuration.updateOne({ _id, revision: before.revision }, { $set: set });
  } else {
    await Configuration.create([stored]);
  }
  const { _id, workspace_id, installation_id, project_id, revision, values_text, secrets, is_active } = after;
  const { kind, id, label } = change.author;
  await ConfigurationRevision.create([
    {
      _id: `${_id}:${revision}`,
      ...{
        workspace_id,
        configuration_id: _id,
        installation_id,
        project_id,
        revision,
        values_text,
        secrets,
        is_active,
      },
      author: { kind, id, label },
      cause: change.cause ?? (before ? 'updated' : 'created'),
      at: new Date(),
    },
  ]);
  await audit({
    workspace_id,
    actor: { kind, id, label },
    action: before ? 'configuration.changed' : 'configuration.created',
    target: { kind: 'configuration', id: _id, name: change.installation.name },
    before: before && shown(before),
    after: shown(after),
  });
  await announce(workspace_id);
}

/** A level as audit and history show it: that a secret is set, never what it is. */
export function shown(level: Pick<Configuration, 'values_text' | 'secrets' | 'is_active'>): Record<string, unknown> {
  return {
    configuration: {
      ...(JSON.parse(level.values_text) as Record<string, unknown>),
      ...Object.fromEntries(level.secrets.map(({ name }) => [name, maskedSecret])),
    },
    is_active: level.is_active,
  };
}
