import type { Manifest } from '../manifest.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../pointer.ts';
import { type Problem, problem } from '../problem.ts';

/** Streams hang together: parents exist and end somewhere, and what deletes needs is there. */
export function streamRules({ streams = {} }: Manifest): Problem[] {
  return Object.entries(streams).flatMap(([name, stream]) => {
    const problems: Problem[] = [];
    const at = (...tokens: string[]) => pointerTo('streams', name, ...tokens);
    if (stream.parent) {
      const parent = stream.parent.stream;
      if (!Object.hasOwn(streams, parent)) {
        const near = nearest(parent, Object.keys(streams));
        const fix = near ? `did you mean "${near}"?` : `add the stream "${parent}"`;
        problems.push(problem(at('parent', 'stream'), 'parent', parent, 'names no stream', fix));
      } else if (isOwnAncestor(name, streams)) {
        problems.push(problem(at('parent', 'stream'), 'parent', parent, 'makes a circle', 'let one have no parent'));
      }
    }
    if (stream.deletes === 'feed' && !stream.modes.includes('delta')) {
      const fix = 'add "delta" to modes, or choose another way to find deletes';
      problems.push(problem(at('deletes'), 'deletes', 'feed', 'needs the mode "delta"', fix));
    }
    if (stream.deletes.startsWith('missing') && !stream.modes.includes('full')) {
      const fix = 'add "full" to modes, or write "deletes": "none"';
      problems.push(problem(at('deletes'), 'deletes', stream.deletes, 'needs the mode "full", which sweeps', fix));
    }
    return problems;
  });
}

function isOwnAncestor(name: string, streams: NonNullable<Manifest['streams']>): boolean {
  const seen = new Set<string>();
  for (let above = streams[name]?.parent?.stream; above !== undefined; above = streams[above]?.parent?.stream) {
    if (above === name) return true;
    if (seen.has(above)) return false;
    seen.add(above);
  }
  return false;
}
