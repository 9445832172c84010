import { EventEmitter } from 'node:events';
import type { LogLine } from '../../sandbox/types.ts';

/** A line that a plugin logged a moment ago, in this process. */
export interface LiveLine {
  workspace_id: string;
  installation_id: string;
  project_id: string | null;
  invocation_id: string;
  handler: string;
  line: LogLine;
}

const lines = new EventEmitter<{ line: [LiveLine] }>();
lines.setMaxListeners(0);

/** Hands a line to whoever watches. */
export function publishLine(line: LiveLine): void {
  lines.emit('line', line);
}

/** Watches the lines of one installation. @returns a function that ends it */
export function watchLines(installation_id: string, listener: (line: LiveLine) => void): () => void {
  const hear = (line: LiveLine) => {
    if (line.installation_id === installation_id) listener(line);
  };
  lines.on('line', hear);
  return () => lines.off('line', hear);
}
