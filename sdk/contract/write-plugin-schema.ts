import { writeFileSync } from 'node:fs';
import { manifestSchema } from './manifest.ts';

/** The text of `plugin.schema.json`, which editors use to check and complete a `plugin.json`. */
export function pluginSchemaText(): string {
  return `${JSON.stringify(manifestSchema, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(new URL('plugin.schema.json', import.meta.url), pluginSchemaText());
