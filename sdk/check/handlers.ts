import type { Manifest } from '../contract/manifest.ts';
import { nearest } from '../contract/nearest.ts';
import type { Finding } from './finding.ts';

const free = ['connect', 'test', 'install', 'upgrade', 'uninstall'];

/** The handlers that a manifest asks for, by the names that the sandbox gives them. */
export function handlersOf(manifest: Manifest): { needed: string[]; possible: string[] } {
  const { actions = {}, streams = {}, triggers = {}, listens = [], configuration_migrations = {} } = manifest;
  const needed = [
    ...Object.keys(actions).map((name) => `actions.${name}`),
    ...Object.entries(streams)
      .filter(([, { source }]) => source !== 'push')
      .map(([name]) => `streams.${name}`),
    ...Object.entries(triggers).flatMap(([name, { subscription }]) => [
      `triggers.${name}.receive`,
      ...(subscription?.by === 'handler' ? [`triggers.${name}.subscribe`, `triggers.${name}.unsubscribe`] : []),
    ]),
    ...listens.map((type) => `on.${type}`),
    ...Object.values(configuration_migrations).map((name) => `migrate.${name}`),
  ];
  const possible = [
    ...free,
    ...Object.keys(streams).map((name) => `streams.${name}`),
    ...Object.keys(triggers).flatMap((name) =>
      ['renew', 'check', 'subscribe', 'unsubscribe'].map((handler) => `triggers.${name}.${handler}`),
    ),
  ];
  return { needed, possible };
}

/** The manifest's promises against the functions that the code has (`inspect` of the sandbox lists them). */
export function findHandlerFaults(manifest: Manifest, handlers: readonly string[]): Finding[] {
  const { needed, possible } = handlersOf(manifest);
  const known = [...needed, ...possible];
  const missing = needed
    .filter((name) => !handlers.includes(name))
    .map((name): Finding => {
      const near = nearest(name, handlers);
      const fix =
        near && !known.includes(near) ? `rename ${near} to ${name}` : `write it, or take it out of the manifest`;
      const message = `The manifest promises ${name}, but there is no such handler`;
      return { rule: 'handler-missing', severity: 'error', file: 'plugin.js', message, fix };
    });
  const unknown = handlers
    .filter((name) => !known.includes(name))
    .map((name): Finding => {
      const near = nearest(name, known);
      const fix = near ? `did you mean ${near}?` : 'declare it in the manifest, or remove it';
      const message = `Nothing in the manifest calls the handler ${name}`;
      return { rule: 'handler-unknown', severity: 'warning', file: 'plugin.js', message, fix };
    });
  return [...missing, ...unknown];
}
