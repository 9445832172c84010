import type { CallErrorType, Strike } from '../types.ts';

const WINDOW_MS = 10 * 60_000;
const SOLITARY_AT = 3;
const DISABLED_AT = 5;

/** What counts against a plugin: what only the plugin itself can have done. A starved or slow call is nobody's fault. */
const BLAMED: ReadonlySet<CallErrorType> = new Set(['cpu_limit', 'memory_limit', 'killed']);

export function isBlamed(type: CallErrorType): boolean {
  return BLAMED.has(type);
}

/** The marks against one image. */
export class Strikes {
  private times: number[] = [];
  isSolitary = false;
  /** Why the image is not run any more; null while it is. */
  disabled: string | null = null;

  /** Nothing was ever held against it, or all is forgotten. */
  get isClean(): boolean {
    return this.times.length === 0;
  }

  add(type: CallErrorType, message: string, handler: string, now: number): Strike {
    this.times = [...this.times.filter((time) => now - time < WINDOW_MS), now];
    const count = this.times.length;
    let action: Strike['action'] = 'noted';
    if (count >= DISABLED_AT && this.disabled === null) {
      action = 'disabled';
      this.disabled = `Stopped after ${count} failures within ten minutes, the last in ${handler}: ${message}`;
    } else if (count >= SOLITARY_AT && !this.isSolitary) action = 'solitary';
    if (count >= SOLITARY_AT) this.isSolitary = true;
    return { type, message, handler, count, action };
  }

  forget(): void {
    this.times = [];
    this.isSolitary = false;
    this.disabled = null;
  }
}
