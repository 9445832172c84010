import semver from 'semver';
import type { Manifest } from '../manifest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** Versions and ranges are SemVer 2.0.0 (https://semver.org/spec/v2.0.0.html). */
export function versionRules({ version, engines, configuration_migrations = {} }: Manifest): Problem[] {
  const problems: Problem[] = [];
  const parsed = semver.parse(version);
  if (parsed?.build.length) {
    const fix = `write "${parsed.version}"; two releases that differ only in build metadata would be the same version`;
    problems.push(problem('/version', 'version', version, 'must be without build metadata', fix));
  } else if (parsed?.version !== version) {
    const near = semver.coerce(version)?.version ?? '1.0.0';
    problems.push(
      problem('/version', 'version', version, 'must be a SemVer version', `write three numbers, as in "${near}"`),
    );
  }
  if (engines && semver.validRange(engines.patchbay) === null) {
    const fix = 'write a range, as in ">=1.0.0 <2"';
    problems.push(problem('/engines/patchbay', 'range', engines.patchbay, 'must be a semver range', fix));
  }
  for (const from of Object.keys(configuration_migrations)) {
    if (semver.validRange(from) !== null) continue;
    const pointer = pointerTo('configuration_migrations', from);
    problems.push(problem(pointer, 'range', from, 'must be a semver range of versions', 'write it as in "<2.0.0"'));
  }
  return problems;
}
