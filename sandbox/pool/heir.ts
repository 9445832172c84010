import type { Limits } from '../types.ts';
import type { ImageState } from './image-state.ts';
import { isSolitary } from './image-state.ts';
import type { Processes } from './processes.ts';
import { ensureLoaded } from './room-keeping.ts';
import type { Loaded, SandboxProcess } from './sandbox-process.ts';

/** Images that are kept ready, the ones used last. */
const MOST_IMAGES = 32;

/**
 * Keeps the plugins in use loaded in the process that takes the place of a shared one when that ends: else all of them
 * would be loaded at once by the calls that come next, and these wait for one another.
 */
export class Heir<Scope> {
  private readonly processes: Processes<Scope>;
  private readonly limits: Partial<Limits> | undefined;

  constructor(processes: Processes<Scope>, limits: Partial<Limits> | undefined) {
    this.processes = processes;
    this.limits = limits;
  }

  /** An image has been loaded by a shared process, and answered. */
  note(state: ImageState<Scope>): void {
    if (!this.isWelcome(state)) return;
    this.processes.wantHeir();
    const heir = this.processes.ready('heir');
    if (heir) this.load(heir, state);
  }

  /** A heir is ready for what the shared processes hold. */
  prepare(heir: SandboxProcess<Scope>): void {
    const held: Loaded<Scope>[] = [];
    for (const process of this.processes.all) {
      if (process.use === 'calls') for (const loaded of process.loaded.values()) if (loaded.isWarm) held.push(loaded);
    }
    held.sort((a, b) => b.usedAt - a.usedAt);
    for (const { state } of held) if (this.isWelcome(state)) this.load(heir, state);
  }

  /** A heir that ended before it served may have been ended by any of its images: they are loaded by their calls again. */
  lost(heir: SandboxProcess<Scope>): void {
    for (const { state } of heir.loaded.values()) state.mayLoadAhead = false;
  }

  private isWelcome(state: ImageState<Scope>): boolean {
    return state.mayLoadAhead && !state.isUnloaded && !isSolitary(state) && state.strikes.isClean;
  }

  private load(heir: SandboxProcess<Scope>, state: ImageState<Scope>): void {
    if (heir.loaded.size < MOST_IMAGES) ensureLoaded(heir, state, this.limits, true);
  }
}
