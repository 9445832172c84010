import type { Image, Limits } from '../types.ts';
import type { ActiveCall } from './active-call.ts';
import { Strikes } from './strikes.ts';

/** An image and what the pool knows about it. */
export interface ImageState<Scope> {
  /** Its number on the wire; a replaced image gets a new one. */
  number: number;
  image: Image;
  strikes: Strikes;
  /** Calls that wait for a place, oldest first. */
  queue: ActiveCall<Scope>[];
  running: Set<ActiveCall<Scope>>;
  /** After-run code cache of its script. */
  cache: Uint8Array | null;
  cacheAsked: boolean;
  isUnloaded: boolean;
  /** May be loaded before a call asks for it. */
  mayLoadAhead: boolean;
  /** Of calls that ask for no others. */
  limits: { call?: Limits; job?: Limits };
}

export function imageState<Scope>(number: number, image: Image): ImageState<Scope> {
  return {
    number,
    image,
    strikes: new Strikes(),
    queue: [],
    running: new Set(),
    cache: null,
    cacheAsked: false,
    isUnloaded: false,
    mayLoadAhead: true,
    limits: {},
  };
}

/** Must it have a process of its own? */
export function isSolitary(state: ImageState<unknown>): boolean {
  return state.image.trust === 'unverified' || state.image.jitless === true || state.strikes.isSolitary;
}
