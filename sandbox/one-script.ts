const IMPORT = /^import (?:(\w+)|\{([^}]*)\}) from '([^']+)';/gm;
const EXPORT = /^export (async function\*?|function\*?|class|const|let) (?:(\w+)|\{([^}]*)\})/gm;

export interface Sources {
  /** The JavaScript of a module, by its path. */
  read(path: string): string;
  /** The path of what a module imports, or null when it is not one of ours. */
  resolve(from: string, name: string): string | null;
  /** An expression for a module that is not ours. */
  outside(name: string): string;
}

/**
 * ES modules of ours as the statements of one classic script; `modules['<entry>']` holds what the entry exports. It knows
 * the forms that our files use: named imports (or one default import of a module that is not ours), exported declarations.
 */
export function oneScript(entry: string, sources: Sources): string {
  const done = new Map<string, string>();
  const add = (path: string): void => {
    if (done.has(path)) return;
    const source = sources.read(path);
    const found = (name: string) => sources.resolve(path, name);
    for (const [, , , name] of source.matchAll(IMPORT)) {
      const other = name && found(name);
      if (other) add(other);
    }
    const names: string[] = [];
    const text = source
      .replace(IMPORT, (_, whole: string | undefined, list: string | undefined, name: string) => {
        const other = found(name);
        const from = other ? `modules[${JSON.stringify(other)}]` : sources.outside(name);
        return `const ${whole ?? `{${list?.replaceAll(' as ', ': ')}}`} = ${from};`;
      })
      .replace(EXPORT, (_, kind: string, name: string | undefined, list: string | undefined) => {
        if (name) names.push(name);
        for (const each of list?.split(',') ?? []) if (each.trim()) names.push(each.trim());
        return `${kind} ${name ?? `{${list}}`}`;
      });
    done.set(path, `modules[${JSON.stringify(path)}] = (() => {\n${text}\nreturn { ${names.join(', ')} };\n})();`);
  };
  add(entry);
  return `const modules = Object.create(null);\n${[...done.values()].join('\n')}`;
}
