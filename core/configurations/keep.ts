import { Configuration, ConfigurationRevision } from './model.ts';

interface Owner {
  _id: string;
  workspace_id: string;
  name: string;
}

/** Where settings wait that outlive their installation. */
const keptId = ({ workspace_id, name }: Omit<Owner, '_id'>) => `kept ${workspace_id} ${name}`;

/** Keeps the settings of an installation that goes, for the next one of the same package. Call it in its transaction. */
export async function keepConfiguration(installation: Owner): Promise<void> {
  const kept = keptId(installation);
  await dropConfiguration(kept);
  await move(installation._id, kept);
}

/** Gives a new installation the settings that were kept of the last one. */
export async function takeKeptConfiguration(installation: Owner): Promise<void> {
  await move(keptId(installation), installation._id);
}

/** Removes every setting and revision of an installation. */
export async function dropConfiguration(installation_id: string): Promise<void> {
  await Configuration.deleteMany({ installation_id });
  await ConfigurationRevision.deleteMany({ installation_id });
}

async function move(from: string, to: string): Promise<void> {
  await Configuration.updateMany({ installation_id: from }, { $set: { installation_id: to } });
  await ConfigurationRevision.updateMany({ installation_id: from }, { $set: { installation_id: to } });
}
