#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { ConfigError } from '../config.ts';

enableCompileCache();

interface Command {
  summary: string;
  load(): Promise<{ run(args: string[]): Promise<number> }>;
}

const commands: Record<string, Command> = {
  start: { summary: 'run the host (what npm start does)', load: () => import('./start.ts') },
  database: {
    summary: 'serve the embedded database as its own process and print its URI',
    load: () => import('./database.ts'),
  },
  migrate: { summary: 'bring the database to this version', load: () => import('./migrate.ts') },
  'generate-key': { summary: 'print a new ENCRYPTION_KEY', load: () => import('./generate-key.ts') },
  'rotate-key': { summary: 're-wrap every secret under the newest key', load: () => import('./rotate-key.ts') },
  'create-admin': { summary: 'make an admin, or a one-time link for one', load: () => import('./create-admin.ts') },
  'site-role': {
    summary: 'tell or set who is an operator or reviewer of the site',
    load: () => import('./site-role.ts'),
  },
  backup: { summary: 'copy the embedded database while it serves', load: () => import('./backup.ts') },
  restore: { summary: 'put a backup back', load: () => import('./restore.ts') },
  export: { summary: 'write files that mongorestore loads', load: () => import('./export.ts') },
  doctor: {
    summary: 'check indexes against documents and keys against secrets, list migrations',
    load: () => import('./doctor.ts'),
  },
};

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) {
  process.exitCode = await command
    .load()
    .then(({ run }) => run(args))
    .catch((error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      process.stderr.write(`${error.message}\n`);
      return 2;
    });
} else {
  const list = Object.entries(commands).map(([word, { summary }]) => `  ${word.padEnd(14)}${summary}`);
  const asked = name === 'help' || name === '--help';
  process[asked ? 'stdout' : 'stderr'].write(
    `${asked ? '' : `There is no command ${JSON.stringify(name)}.\n`}patchbay-host <command>\n\n${list.join('\n')}\n`,
  );
  process.exitCode = asked ? 0 : 2;
}
