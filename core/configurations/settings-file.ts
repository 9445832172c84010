import { Failure } from '../../sdk/contract/failure.ts';
import type { Language } from '../../sdk/contract/language.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';
import { secretNames } from '../invocations/settings.ts';
import { maskedSecret } from './check-values.ts';
import { type Author, type ConfigurationChange, draftConfiguration } from './draft.ts';
import { errorsOf, shownValues, valuesOf } from './level.ts';
import { Configuration } from './model.ts';
import { writeConfiguration } from './write-configuration.ts';

/** The settings of one plugin in a project, and what they were made for. */
export interface PluginSettings {
  name: string;
  version: string;
  /** what was granted there, as a lock: differences are told, never applied */
  permissions: Record<string, unknown>[];
  /** null: the project says nothing of it, and the workspace decides */
  is_active: boolean | null;
  /** without secrets */
  configuration: Record<string, unknown>;
  /** names of the secrets that were set */
  secrets: string[];
}

/** A project's settings as one file. */
export interface SettingsFile {
  format: 'patchbay settings 1';
  exported_at: string;
  plugins: PluginSettings[];
}

/** What applying a file would do for one plugin. */
export interface PlannedSettings {
  name: string;
  /** `missing`: it is not installed here, so nothing is done */
  state: 'missing' | 'same' | 'changes';
  installed_version: string | null;
  wanted_version: string;
  /** granted where the file comes from, and not here */
  permissions_missing: Record<string, unknown>[];
  /** names of the settings that would be added, changed, taken away */
  added: string[];
  changed: string[];
  removed: string[];
  /** secrets that were set there and are not here: the file holds none */
  secrets_missing: string[];
  is_active: boolean | null;
  /** what the release installed here would not take: applying the file fails with it */
  errors: { pointer: string; message: string }[];
}

/** Writes down what a project says to each of its plugins, without secrets. */
export async function exportSettings(workspace_id: string, project_id: string): Promise<SettingsFile> {
  const [installations, levels] = await Promise.all([
    Installation.find({ workspace_id }).sort({ name: 1 }).lean(),
    Configuration.find({ workspace_id, project_id }).lean(),
  ]);
  const plugins = installations.flatMap((installation) => {
    const level = levels.find(({ installation_id }) => installation_id === installation._id);
    if (!level) return [];
    return [
      {
        name: installation.name,
        version: installation.version,
        permissions: installation.grants.map((grant) => ({ ...grant })),
        is_active: level.is_active,
        configuration: valuesOf(level),
        secrets: level.secrets.map(({ name }) => name),
      },
    ];
  });
  return { format: 'patchbay settings 1', exported_at: new Date().toISOString(), plugins };
}

/** Says what applying a file to a project would change, and what would be refused. */
export async function planSettings(
  workspace_id: string,
  project_id: string,
  file: SettingsFile,
  author: Author,
  language?: Language,
): Promise<PlannedSettings[]> {
  const names = new Set<string>();
  for (const { name } of file.plugins) {
    if (names.has(name)) throw new Failure('validation_failed', { message: `The file names ${name} twice` });
    names.add(name);
  }
  const plan: PlannedSettings[] = [];
  for (const wanted of file.plugins) plan.push(await planOne({ workspace_id, project_id, author }, wanted, language));
  return plan;
}

type Target = Pick<ConfigurationChange, 'workspace_id' | 'project_id' | 'author'>;

async function planOne(target: Target, wanted: PluginSettings, language?: Language): Promise<PlannedSettings> {
  const { workspace_id, project_id } = target;
  const installation = await Installation.findOne({ workspace_id, name: wanted.name }).lean();
  const told = { name: wanted.name, wanted_version: wanted.version, is_active: wanted.is_active };
  if (!installation) {
    const nothing = { added: [], changed: [], removed: [], secrets_missing: wanted.secrets, errors: [] };
    return { ...told, ...nothing, state: 'missing', installed_version: null, permissions_missing: wanted.permissions };
  }
  const level = await Configuration.findOne({ workspace_id, installation_id: installation._id, project_id }).lean();
  const secrets = secretNames(installation.manifest);
  // A secret that somebody wrote into the file is a new one; nothing tells whether it is the old one.
  const isSame = (name: string) => !secrets.has(name) && text(now[name]) === text(next[name]);
  const now: Record<string, unknown> = level ? shownValues(level, installation.manifest) : {};
  const next: Record<string, unknown> = { ...maskedOf(level), ...wanted.configuration };
  const added = Object.keys(next).filter((name) => !Object.hasOwn(now, name));
  const removed = Object.keys(now).filter((name) => !Object.hasOwn(next, name));
  const changed = Object.keys(wanted.configuration).filter((name) => Object.hasOwn(now, name) && !isSame(name));
  const granted = installation.grants.map(text);
  const isChanged =
    added.length + removed.length + changed.length > 0 || (level?.is_active ?? null) !== wanted.is_active;
  return {
    ...told,
    ...{ added, changed, removed },
    state: isChanged ? 'changes' : 'same',
    installed_version: installation.version,
    permissions_missing: wanted.permissions.filter((permission) => !granted.includes(text(permission))),
    secrets_missing: wanted.secrets.filter((name) => secrets.has(name) && !Object.hasOwn(next, name)),
    errors: isChanged ? await errorsIn(changeOf(target, installation, level, wanted, language)) : [],
  };
}

async function errorsIn(change: ConfigurationChange): Promise<PlannedSettings['errors']> {
  try {
    await draftConfiguration(change);
    return [];
  } catch (error) {
    return errorsOf(error);
  }
}

/** What applying one plugin's part of a file writes: the file's settings, beside the secrets that are set here. */
function changeOf(
  target: Target,
  installation: Installation,
  level: Configuration | null,
  wanted: PluginSettings,
  language: Language | undefined,
): ConfigurationChange {
  return {
    ...target,
    installation,
    configuration: { ...maskedOf(level), ...wanted.configuration },
    is_active: wanted.is_active,
    cause: 'applied from a file',
    ...(language && { language }),
  };
}

function maskedOf(level: Configuration | null): Record<string, unknown> {
  return Object.fromEntries((level?.secrets ?? []).map(({ name }) => [name, maskedSecret]));
}

const text = (value: unknown) => JSON.stringify(value);

/**
 * Does what the plan says, for all plugins or for none. Secrets that are set here stay.
 *
 * @throws Failure `configuration_invalid` when the release installed here does not take a setting
 */
export async function applySettings(
  workspace_id: string,
  project_id: string,
  file: SettingsFile,
  author: Author,
  language?: Language,
): Promise<PlannedSettings[]> {
  return transaction(async () => {
    const plan = await planSettings(workspace_id, project_id, file, author, language);
    for (const { name } of plan.filter(({ state }) => state === 'changes')) {
      const wanted = file.plugins.find((one) => one.name === name);
      const installation = await Installation.findOne({ workspace_id, name }).lean();
      if (!wanted || !installation) continue;
      const level = await Configuration.findOne({ workspace_id, installation_id: installation._id, project_id }).lean();
      await writeConfiguration(changeOf({ workspace_id, project_id, author }, installation, level, wanted, language));
    }
    return plan;
  });
}
