import { Failure } from '../../sdk/contract/failure.ts';
import { transaction } from '../database/transaction.ts';
import { Installation } from '../installations/model.ts';
import { maskedSecret } from './check-values.ts';
import { Configuration } from './model.ts';
import { type Author, writeConfiguration } from './write-configuration.ts';

/** The settings of one plugin in a project, and what they were made for. */
export interface PluginSettings {
  name: string;
  version: string;
  /** what was granted there, as a lock: differences are told, never applied */
  permissions: Record<string, unknown>[];
  is_active: boolean;
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
  is_active: boolean;
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
        configuration: JSON.parse(level.values_text) as Record<string, unknown>,
        secrets: level.secrets.map(({ name }) => name),
      },
    ];
  });
  return { format: 'patchbay settings 1', exported_at: new Date().toISOString(), plugins };
}

/** Says what applying a file to a project would change. */
export async function planSettings(
  workspace_id: string,
  project_id: string,
  file: SettingsFile,
): Promise<PlannedSettings[]> {
  const names = new Set<string>();
  for (const { name } of file.plugins) {
    if (names.has(name)) throw new Failure('validation_failed', { message: `The file names ${name} twice` });
    names.add(name);
  }
  return Promise.all(file.plugins.map((wanted) => planOne(workspace_id, project_id, wanted)));
}

async function planOne(workspace_id: string, project_id: string, wanted: PluginSettings): Promise<PlannedSettings> {
  const installation = await Installation.findOne({ workspace_id, name: wanted.name }).lean();
  const told = { name: wanted.name, wanted_version: wanted.version, is_active: wanted.is_active };
  if (!installation) {
    const nothing = { added: [], changed: [], removed: [], secrets_missing: wanted.secrets };
    return { ...told, ...nothing, state: 'missing', installed_version: null, permissions_missing: wanted.permissions };
  }
  const level = await Configuration.findOne({ workspace_id, installation_id: installation._id, project_id }).lean();
  const now = (level ? JSON.parse(level.values_text) : {}) as Record<string, unknown>;
  const next = wanted.configuration;
  const text = (value: unknown) => JSON.stringify(value);
  const added = Object.keys(next).filter((name) => !Object.hasOwn(now, name));
  const removed = Object.keys(now).filter((name) => !Object.hasOwn(next, name));
  const changed = Object.keys(next).filter((name) => Object.hasOwn(now, name) && text(now[name]) !== text(next[name]));
  const granted = installation.grants.map(text);
  const isSame =
    added.length + removed.length + changed.length === 0 && (level?.is_active ?? true) === wanted.is_active;
  return {
    ...told,
    ...{ added, changed, removed },
    state: isSame ? 'same' : 'changes',
    installed_version: installation.version,
    permissions_missing: wanted.permissions.filter((permission) => !granted.includes(text(permission))),
    secrets_missing: wanted.secrets.filter((name) => !level?.secrets.some((secret) => secret.name === name)),
  };
}

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
): Promise<PlannedSettings[]> {
  return transaction(async () => {
    const plan = await planSettings(workspace_id, project_id, file);
    for (const { name } of plan.filter(({ state }) => state === 'changes')) {
      const wanted = file.plugins.find((one) => one.name === name);
      const installation = await Installation.findOne({ workspace_id, name }).lean();
      if (!wanted || !installation) continue;
      const level = await Configuration.findOne({ workspace_id, installation_id: installation._id, project_id }).lean();
      const kept = Object.fromEntries((level?.secrets ?? []).map((secret) => [secret.name, maskedSecret]));
      await writeConfiguration({
        ...{ workspace_id, installation, project_id, author },
        configuration: { ...wanted.configuration, ...kept },
        is_active: wanted.is_active,
        cause: 'applied from a file',
      });
    }
    return plan;
  });
}
