// Puts what the tour prints into the README: npm run tour:readme
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const printed = execFileSync(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', join(root, 'scripts/tour/tour.ts')],
  {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const path = join(root, 'README.md');
const readme = readFileSync(path, 'utf8');
const block = `<!-- tour -->\n\`\`\`\n${printed.trim()}\n\`\`\`\n<!-- /tour -->`;
writeFileSync(
  path,
  readme.replace(/<!-- tour -->[\s\S]*<!-- \/tour -->/, () => block),
);
