import type { Command } from './command.ts';

/** Every command, loaded when it is called. */
export const commands: Record<string, () => Promise<Command>> = {
  init: async () => (await import('./commands/init.ts')).init,
  'import-openapi': async () => (await import('./commands/import-openapi.ts')).importOpenapi,
  check: async () => (await import('./commands/check.ts')).check,
  test: async () => (await import('./commands/test.ts')).test,
  run: async () => (await import('./commands/run.ts')).run,
  dev: async () => (await import('./commands/dev.ts')).dev,
  pack: async () => (await import('./commands/pack.ts')).pack,
  ls: async () => (await import('./commands/ls.ts')).ls,
  sign: async () => (await import('./commands/sign.ts')).sign,
  verify: async () => (await import('./commands/verify.ts')).verify,
  keygen: async () => (await import('./commands/keygen.ts')).keygen,
  login: async () => (await import('./commands/login.ts')).login,
  logout: async () => (await import('./commands/logout.ts')).logout,
  whoami: async () => (await import('./commands/whoami.ts')).whoami,
  publish: async () => (await import('./commands/publish.ts')).publish,
  versions: async () => (await import('./commands/versions.ts')).versions,
  yank: async () => (await import('./commands/yank.ts')).yank,
  deprecate: async () => (await import('./commands/deprecate.ts')).deprecate,
  logs: async () => (await import('./commands/logs.ts')).logs,
  replay: async () => (await import('./commands/replay.ts')).replay,
};

/** One line for each command, so that `help` need not load them all. */
export const summaries: Record<string, { usage: string; summary: string }> = {
  init: {
    usage: '<folder> [--name @publisher/name] [--template action|sync|trigger|oauth2|api-key] [--js]',
    summary: 'start a new plugin',
  },
  'import-openapi': {
    usage: '<file.json> --name @publisher/name [--out folder] [--only tag,operation] [--server url]',
    summary: 'make a plugin of an OpenAPI or Swagger document',
  },
  check: {
    usage: '[folder|file.tgz] [--against file.tgz] [--fix]',
    summary: 'say all that the marketplace would say; --fix declares the permissions that the code uses',
  },
  test: { usage: '[folder]', summary: "run the plugin's tests, in the real sandbox" },
  run: {
    usage:
      'action|stream|trigger <name> [--folder f] [--input json|@file] [--config json] [--recording file] [--pages n] [--host [--integration id] [--url host]]',
    summary: 'call a handler here, in the real sandbox, or with --host where it is installed',
  },
  dev: {
    usage: '[folder] [--url host] [--replace] [--once] [--remove]',
    summary: 'load the plugin into a host after every save',
  },
  pack: { usage: '[folder] [--out file.tgz] [--key file]', summary: 'make the package of a plugin' },
  ls: { usage: '<file.tgz>', summary: 'show what a package holds' },
  sign: { usage: '<file.tgz> --key file [--out file.tgz]', summary: 'sign a package' },
  verify: {
    usage: '<file.tgz> [--key public-key] [--proof file] [--log-key public-key]',
    summary: 'check the files, the signature and the log’s proof of a package, offline',
  },
  keygen: { usage: '[--publisher @name] [--out file] [--url host]', summary: 'make a pair of signing keys (Ed25519)' },
  login: { usage: '[--url host] [--token t | --email e --password-stdin]', summary: 'sign in at a host' },
  logout: { usage: '[--url host]', summary: 'forget the sign-in' },
  whoami: { usage: '[--url host]', summary: 'show who is signed in where' },
  publish: { usage: '[folder|file.tgz] [--key file] [--url host]', summary: 'publish a release; safe to repeat' },
  versions: { usage: '[@publisher/name] [--url host]', summary: 'list the releases of a plugin' },
  yank: { usage: '<@publisher/name@version> --reason text', summary: 'withdraw a release from new installs' },
  deprecate: { usage: '<@publisher/name@version> --reason text', summary: 'warn people off a release' },
  logs: {
    usage: '[@publisher/name] [--follow] [--level debug|info|warn|error] [--since time] [--size n] [--url host]',
    summary: 'show what an installed plugin logs',
  },
  replay: {
    usage: '<invocation|recording.json> [--folder f | --release] [--save-test] [--out recording.json] [--url host]',
    summary: 'run a recorded call again here, without host and vendor; 0 when it goes as it was recorded',
  },
};
