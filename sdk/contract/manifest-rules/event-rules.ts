import { eventTypes } from '../event-types.ts';
import type { Manifest } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** A plugin emits and hears only what it declares and asked for, and never speaks in the host's name. */
export function eventRules(manifest: Manifest): Problem[] {
  const { events = {}, listens = [], permissions = [] } = manifest;
  const problems: Problem[] = [];
  const hostNames = Object.keys(eventTypes);
  const hostNouns = new Set(hostNames.map((type) => type.split('.')[0]));
  for (const type of Object.keys(events)) {
    if (!hostNouns.has(type.split('.')[0] ?? '')) continue;
    const fix = `put the vendor's name first, as in "github.${type.split('.').at(-1)}"`;
    problems.push(
      problem(pointerTo('events', type), 'event-name', type, "begins with one of the host's own nouns", fix),
    );
  }
  for (const [i, type] of listens.entries()) {
    const isHosts = hostNouns.has(type.split('.')[0] ?? '');
    if (!isHosts || hostNames.includes(type)) continue;
    const near = nearest(type, hostNames);
    const fix = near ? `did you mean "${near}"?` : `the host has ${hostNames.join(', ')}`;
    problems.push(problem(pointerTo('listens', i), 'event-unknown', type, 'is not an event type of the host', fix));
  }
  const asked = (name: string) => permissions.findIndex((permission) => permission.name === name);
  problems.push(...covered(Object.keys(events), 'events:emit', asked('events:emit'), manifest));
  problems.push(...covered(listens, 'events:listen', asked('events:listen'), manifest));
  return problems;
}

function covered(
  types: readonly string[],
  name: 'events:emit' | 'events:listen',
  i: number,
  manifest: Manifest,
): Problem[] {
  if (types.length === 0) return [];
  const permission = manifest.permissions?.[i];
  if (permission?.name !== name) {
    const fix = `add {"name": "${name}", "reason": "…"}`;
    const place = name === 'events:emit' ? 'events' : 'listens';
    return [problem('/permissions', 'event-permission', undefined, `lacks "${name}", which ${place} needs`, fix)];
  }
  if (!permission.types) return [];
  return [
    ...types
      .filter((type) => !permission.types?.includes(type))
      .map((type) => {
        const fix = `add "${type}" to its types, or leave types out`;
        return problem(pointerTo('permissions', i, 'types'), 'event-permission', type, 'does not cover an event', fix);
      }),
    ...permission.types
      .filter((type) => !types.includes(type))
      .map((type) => {
        const near = nearest(type, types);
        const fix = near ? `did you mean "${near}"?` : 'remove it';
        return problem(
          pointerTo('permissions', i, 'types'),
          'event-permission',
          type,
          'names an event that is not declared',
          fix,
        );
      }),
  ];
}
