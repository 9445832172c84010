import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The lines of all `sh` blocks. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));

/** What changes from run to run, taken out: ids, keys, digests, folders, ports. */
function steady(text: string): string {
  return text
    .replaceAll(/\b(plg|inv)_\w+/g, '$1_…')
    .replaceAll(/[A-Za-z0-9+/]{43}=/g, '<key>')
    .replaceAll(/sha512-\S+/g, '<digest>')
    .replaceAll(/"?\b[0-9a-f]{16}\b"?/g, '<key id>')
    .replaceAll(/\S*patchbay-tour-\w+/g, '<folder>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/localhost:\d+/g, 'localhost:<port>')
    .trim();
}

describe('the README', function () {
  this.timeout(120_000);

  it('is under 150 lines', () => {
    expect(readme.split('\n').length).to.be.below(150);
  });

  it('names no command that this file does not run', () => {
    expect(commands).to.deep.equal([
      'npm ci && npm start',
      'npm ci && npm test',
      'npm run tour',
      'npx patchbay init greeter --template action',
      'npx patchbay check greeter',
      'npx patchbay test greeter',
      'npx patchbay pack greeter',
    ]);
  });

  it('npm ci && npm test is what CI runs, on a clean clone', () => {
    expect(readFileSync(join(root, '.ci/run'), 'utf8')).to.match(/^npm ci$[\s\S]*^npm test$/m);
  });

  it('npm start serves, and prints what the README shows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-readme-'));
    const env = {
      ...process.env,
      PORT: '0',
      PATCHBAY_DATA: join(folder, 'data'),
      PATCHBAY_ADMIN_EMAIL: '',
      PATCHBAY_ADMIN_PASSWORD: '',
    };
    const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    try {
      const printed = await new Promise<string>((resolve, reject) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
          if (text.includes('works once')) resolve(text);
        });
        child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
      });
      for (const words of [
        'Patchbay is ready on http://localhost:',
        'embedded, in',
        'encryption.key (made now',
        '/docs',
        'workspace Main with the project Default',
        '/setup#token=',
      ]) {
        expect(printed).to.include(words);
      }
    } finally {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('npm run tour prints what the README shows', () => {
    const shown = /<!-- tour -->\n```\n([\s\S]*?)\n```/.exec(readme)?.[1] ?? '';
    const printed = execFileSync('npm', ['run', '-s', 'tour'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(steady(printed)).to.equal(steady(shown));
  });

  it('the author’s commands make a plugin that can be published', () => {
    const folder = mkdtempSync(join(tmpdir(), 'patchbay-author-'));
    try {
      const patchbay = (...args: string[]) =>
        execFileSync(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', join(root, 'sdk/cli/main.ts'), ...args],
          { cwd: folder, encoding: 'utf8' },
        );
      patchbay('init', 'greeter', '--template', 'action');
      expect(patchbay('check', 'greeter')).to.include('it can be published');
      patchbay('test', 'greeter');
      patchbay('pack', 'greeter');
      expect(existsSync(join(folder, 'my-greeter-0.1.0.tgz'))).to.equal(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('every file that it points to is there', () => {
    for (const [, path = ''] of readme.matchAll(
      /`((?:sdk|plugins|sandbox|core)\/[\w./-]+|[A-Z]+\.md|\.env\.example)`/g,
    )) {
      expect(existsSync(join(root, path)), path).to.equal(true);
    }
  });
});
