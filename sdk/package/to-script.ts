import { type BuildFailure, build, type Plugin as EsbuildPlugin } from 'esbuild';
import { buildFailure } from './build-error.ts';

/** The global that the script sets; the sandbox takes `default` from it. */
export const scriptGlobal = '__patchbay_plugin';

/**
 * Turns a package's `plugin.js` (one ES module) into one classic script, which V8's code cache can speed up (it never
 * does for modules). The script sets `__patchbay_plugin`.
 *
 * @throws {Failure} validation_failed for imports, `import()`, `require`, top-level await and syntax errors;
 *   `content.errors` has file, line, message and fix of each
 */
export async function toScript(pluginJs: string | Uint8Array): Promise<string> {
  return (await toScriptWithMap(pluginJs)).script;
}

/**
 * The same with a source map from the script to the author's files, through the package's own `plugin.js.map`.
 * @param map content of `plugin.js.map`; without it the source map leads to `plugin.js`
 */
export async function toScriptWithMap(
  pluginJs: string | Uint8Array,
  map?: string | Uint8Array,
): Promise<{ script: string; source_map: string }> {
  // A map that the package names itself could be anything; only the one that was given counts.
  const code = textOf(pluginJs).replace(/^\/\/[#@] ?sourceMappingURL=.*$/gm, '//');
  const inline = map === undefined ? '' : `\n//# sourceMappingURL=data:application/json;base64,${base64(map)}`;
  try {
    const result = await build({
      stdin: { contents: code + inline, sourcefile: 'plugin.js', loader: 'js' },
      ...{ bundle: true, write: false, outfile: 'plugin.js', format: 'iife', globalName: scriptGlobal },
      ...{ platform: 'neutral', target: 'esnext', charset: 'utf8', treeShaking: false, legalComments: 'inline' },
      ...{ sourcemap: 'external', sourcesContent: false, logLevel: 'silent', plugins: [refuseImports] },
      logOverride: {
        'unsupported-dynamic-import': 'error',
        'unsupported-require-call': 'error',
        'indirect-require': 'error',
        'empty-import-meta': 'error',
      },
    });
    const textAt = (ending: string) => result.outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
    return { script: textAt('.js'), source_map: textAt('.map') };
  } catch (error) {
    if (isBuildFailure(error)) throw buildFailure(error.errors, error);
    throw error;
  }
}

const kinds: Record<string, string> = {
  'import-statement': 'import',
  'dynamic-import': 'import()',
  'require-call': 'require()',
  'require-resolve': 'require.resolve()',
};

/** A package is one file: whatever it would load from elsewhere was not reviewed, and is not there. */
const refuseImports: EsbuildPlugin = {
  name: 'refuse-imports',
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ kind, path }) => {
      if (kind === 'entry-point') return undefined;
      const text = `${kinds[kind] ?? 'import'} of ${JSON.stringify(path.slice(0, 80))} in plugin.js`;
      return {
        errors: [{ text, notes: [{ text: 'bundle it: "patchbay pack" makes plugin.js one file without imports' }] }],
      };
    });
  },
};

/** Whether an error is esbuild's, with its messages. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : Buffer.from(source).toString('utf8');
}

function base64(source: string | Uint8Array): string {
  return Buffer.from(source).toString('base64');
}
