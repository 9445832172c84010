import type { Budget } from '../protocol.ts';
import type { ImageRoom, LoadedImage } from './rooms.ts';

/** A call as this process knows it. */
export interface Call {
  number: number;
  image: LoadedImage;
  handler: string;
  isStream: boolean;
  budget: Budget;
  /** `performance.now()` after which nothing is entered any more. */
  deadline: number;
  cpu_ms: number;
  asked: number;
  atOnce: number;
  waiting: { ticket: number; op: number; json: string }[];
  timers: Map<number, NodeJS.Timeout>;
  tickets: Set<number>;
  /** Answers whose body is still to be pulled. */
  bodies: number[];
  room: ImageRoom | null;
  /** A stream between two pages. */
  isResting: boolean;
  outcome: Outcome | null;
  /** The last error that nobody handled. */
  trouble: string | null;
}

/** What the guest said of a call or a page, until the entry in which it said so is over. */
export interface Outcome {
  json: string;
  failed: boolean;
  /** The call is over. */
  ended: boolean;
  /** Nothing follows: the last page, or any end. */
  done: boolean;
  /** This process's own word, not the plugin's. */
  isOwn?: boolean;
  /** It says when the call is to be made again. */
  goesOn?: boolean;
}

export function newCall(number: number, image: LoadedImage, handler: string, isStream: boolean, budget: Budget): Call {
  return {
    number,
    image,
    handler,
    isStream,
    budget,
    deadline: performance.now() + budget.wall_ms,
    cpu_ms: 0,
    asked: 0,
    atOnce: 0,
    waiting: [],
    timers: new Map(),
    tickets: new Set(),
    bodies: [],
    room: null,
    isResting: false,
    outcome: null,
    trouble: null,
  };
}
