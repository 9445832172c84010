import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { build, transform } from 'esbuild';
import { Failure } from '../contract/failure.ts';
import { buildFailure } from './build-error.ts';
import { isBuildFailure } from './to-script.ts';

/** What authors import; always this SDK itself, so that a plugin builds without anything installed. */
const sdk = ['../index.ts', '../index.js']
  .map((path) => join(import.meta.dirname, path))
  .find((path) => existsSync(path));

/**
 * Bundles an author's entry file and everything it imports into one ES module that is the same on every path and day.
 *
 * @param entry path of `plugin.ts` or `plugin.js`
 * @returns the module and its source map, whose sources are relative to the plugin's folder
 * @throws {Failure} validation_failed; `content.errors` has file, line, message and fix of each
 */
export async function bundle(folder: string, entry: string): Promise<{ code: string; map: string }> {
  try {
    const bundled = await build({
      entryPoints: [join(folder, entry)],
      ...{
        absWorkingDir: folder,
        outfile: 'plugin.js',
        write: false,
        bundle: true,
        format: 'esm',
        platform: 'neutral',
      },
      ...{ mainFields: ['module', 'main'], target: 'es2024', charset: 'utf8', logLevel: 'silent', sourcemap: 'inline' },
      conditions: ['import', 'browser'],
      define: { 'process.env.NODE_ENV': '"production"' },
      tsconfigRaw: { compilerOptions: {} },
      ...(sdk ? { alias: { '@patchbay/sdk': sdk } } : {}),
      metafile: true,
    });
    if (!Object.values(bundled.metafile.outputs).some(({ exports }) => exports.includes('default'))) {
      const fix = 'write "export default definePlugin(manifest, handlers)"';
      const errors = [{ file: entry, line: 1, column: 1, message: 'There is no default export', fix }];
      throw new Failure('validation_failed', {
        message: `${entry}: there is no default export; ${fix}`,
        content: { errors },
      });
    }
    // A second pass drops the comments that name files outside the folder by where they lie on this machine.
    const { code, map } = await transform(bundled.outputFiles[0]?.text ?? '', {
      ...{ loader: 'js', format: 'esm', target: 'es2024', charset: 'utf8', sourcemap: 'external', logLevel: 'silent' },
      sourcefile: 'plugin.js',
    });
    return { code, map: neutralMap(map, folder) };
  } catch (error) {
    if (isBuildFailure(error)) throw buildFailure(error.errors, error);
    throw error;
  }
}

/** Sources outside the folder keep only what does not tell where they lie. */
function neutralMap(text: string, folder: string): string {
  const map: { sources: string[] } = JSON.parse(text);
  map.sources = map.sources.map((source) => {
    const path = isAbsolute(source) ? relative(folder, source) : source;
    if (!path.startsWith('..')) return path.replaceAll('\\', '/');
    const installed = path.lastIndexOf('node_modules/');
    return installed >= 0 ? path.slice(installed) : `@patchbay/sdk/${basename(path)}`;
  });
  return JSON.stringify(map);
}
