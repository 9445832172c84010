import { linearPattern } from '../linear-pattern.ts';
import type { Manifest } from '../manifest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** Every pattern outside the schemas runs in linear time too. (`schema-rules` judges those inside.) */
export function patternRules(manifest: Manifest): Problem[] {
  const { configuration: _c, actions: _a, streams: _s, events: _e, ...rest } = manifest;
  const problems: Problem[] = [];
  const visit = (value: unknown, at: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      const pointer = `${at}${pointerTo(key)}`;
      if (key === 'pattern' && typeof child === 'string') {
        const linear = linearPattern(child);
        if (!linear.ok) problems.push(problem(pointer, 'pattern', child, `is refused: ${linear.rule}`, linear.fix));
      } else visit(child, pointer);
    }
  };
  visit(rest, '');
  return problems;
}
