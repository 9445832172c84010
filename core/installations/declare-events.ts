import type { Text } from '../../sdk/contract/language.ts';
import { EventType } from '../events/model.ts';
import type { Installation } from './model.ts';

/** Writes the event types that an installation's manifest declares, in place of those of its last release. */
export async function declareEvents(installation: Installation): Promise<void> {
  await dropDeclared(installation._id);
  const { workspace_id, manifest, name, _id } = installation;
  for (const [type, event] of Object.entries(manifest.events ?? {})) {
    await EventType.replaceOne(
      { _id: `${workspace_id} ${type}` },
      {
        _id: `${workspace_id} ${type}`,
        workspace_id,
        type,
        title: textOf(event.title) ?? type,
        schema: event.schema as object,
        sample: event.sample,
        installation_id: _id,
        plugin: name,
      },
      { upsert: true },
    );
  }
}

/** Removes the event types of an installation. */
export async function dropDeclared(installation_id: string): Promise<void> {
  await EventType.deleteMany({ installation_id });
}

function textOf(text: Text | undefined): string | undefined {
  return typeof text === 'string' ? text : text?.en;
}
