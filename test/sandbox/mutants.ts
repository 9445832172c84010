import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Mutant {
  file: string;
  line: number;
  from: string;
  to: string;
  /** the line as it is */
  before: string;
  /** the line as the mutant has it */
  text: string;
}

/** What may be wrong with a condition. Spaces keep types (`Map<a, b>`) and arrows out. */
const CHANGES: [RegExp, string][] = [
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ <= /g, ' < '],
  [/ >= /g, ' > '],
  [/ < /g, ' <= '],
  [/ > /g, ' >= '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/\bif \((?=.*\) (return|throw|continue|\{))/g, 'if (false && '],
];

/** Every way to break one condition of a file. */
export function mutantsOf(file: string): Mutant[] {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const mutants: Mutant[] = [];
  lines.forEach((text, i) => {
    if (/^\s*(\*|\/\/|\/\*|import )/.test(text) || /^(export )?(type|interface) /.test(text)) return;
    for (const [pattern, to] of CHANGES) {
      for (const found of text.matchAll(pattern)) {
        const changed = text.slice(0, found.index) + to + text.slice(found.index + found[0].length);
        mutants.push({ file, line: i + 1, from: found[0], to, before: text, text: changed });
      }
    }
  });
  return mutants;
}

/** A copy of the sandbox and its tests, in which one line at a time is wrong. */
export function mutantGround() {
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-mutants-'));
  for (const part of ['sandbox', 'test/helpers', 'test/sandbox', 'test/security/sandbox']) {
    mkdirSync(join(folder, part), { recursive: true });
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  for (const file of ['package.json', '.mocharc.json']) cpSync(join(ROOT, file), join(folder, file));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    const [from, to] = [join(ROOT, 'node_modules', name), join(folder, 'node_modules', name)];
    // A sandbox process may read these two, and no link that leads to them.
    if (name === 'isolated-vm' || name === 'node-gyp-build') cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
  /** Do these tests pass on the ground as it is now? */
  async function passes(tests: string[]): Promise<boolean> {
    const mocha = spawn(join(ROOT, 'node_modules/.bin/mocha'), ['--bail', ...tests], {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, PATH: `${ROOT}/node_modules/.bin:${process.env.PATH}` },
    });
    const [code] = await once(mocha, 'exit');
    return code === 0;
  }
  return {
    passes,
    /** Does a test fail on this mutant? */
    async isKilled(mutant: Mutant, tests: string[]): Promise<boolean> {
      const path = join(folder, mutant.file);
      const original = readFileSync(path, 'utf8');
      const lines = original.split('\n');
      lines[mutant.line - 1] = mutant.text;
      writeFileSync(path, lines.join('\n'));
      try {
        return !(await passes(tests));
      } finally {
        writeFileSync(path, original);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
