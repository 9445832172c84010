import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** A fresh folder with these files. */
export function folderWith(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-sdk-'));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Removes what `folderWith` made. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export const manifest = {
  manifest_version: 1,
  name: '@acme/demo',
  version: '1.0.0',
  actions: { greet: { title: 'Greet' } },
};

export const pluginTs = `import { definePlugin } from '@patchbay/sdk';
const text: string = 'Hello';
export default definePlugin(
  { manifest_version: 1, name: '@acme/demo', version: '1.0.0', actions: { greet: { title: 'Greet' } } },
  { actions: { greet: async (ctx) => ({ text }) } },
);
`;

/** `plugin.ts` with this body in its one action. */
export function pluginWith(body: string, more = ''): string {
  return `import { definePlugin } from '@patchbay/sdk';
export default definePlugin(
  { manifest_version: 1, name: '@acme/demo', version: '1.0.0', actions: { greet: { title: 'Greet' } }, ${more} } as any,
  { actions: { greet: async (ctx) => {
    ${body}
  } } } as any,
);
`;
}
