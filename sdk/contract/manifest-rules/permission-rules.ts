import { hostPatternFault } from '../host-pattern.ts';
import type { Manifest } from '../manifest.ts';
import { modelNames } from '../model-names.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

const repeatable = ['network', 'app'];

/** Permissions name real hosts and models, and each of them once. */
export function permissionRules({ permissions = [] }: Manifest): Problem[] {
  return permissions.flatMap((permission, i) => {
    const problems: Problem[] = [];
    const at = (...tokens: (string | number)[]) => pointerTo('permissions', i, ...tokens);
    if (!repeatable.includes(permission.name) && permissions.findIndex(({ name }) => name === permission.name) < i) {
      const fix = 'merge the two entries';
      problems.push(problem(at('name'), 'permission-twice', permission.name, 'is asked for twice', fix));
    }
    if (permission.name === 'network') {
      for (const [j, host] of permission.hosts.entries()) {
        const fault = host.includes('{') ? undefined : hostPatternFault(host);
        if (fault) problems.push(problem(at('hosts', j), 'host', host, fault.expected, fault.fix));
      }
    }
    if (permission.name === 'records:read') {
      for (const [j, model] of (permission.models ?? []).entries()) {
        if (modelNames.some((name) => name === model)) continue;
        const near = nearest(model, modelNames);
        const fix = near ? `did you mean "${near}"?` : `use one of ${modelNames.join(', ')}`;
        problems.push(problem(at('models', j), 'model', model, 'is not a unified model', fix));
      }
    }
    return problems;
  });
}
