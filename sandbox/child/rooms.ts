import { randomBytes } from 'node:crypto';
import type { Engine, Room } from './engine.ts';

/** What the host said about an image when it sent it. */
export interface ImageOptions {
  heap_mb: number;
  load_cpu_ms: number;
  want_cache: boolean;
}

export interface LoadedImage {
  number: number;
  script: string;
  /** `plugin://name@version/plugin.js`: the script's name in stacks. */
  label: string;
  options: ImageOptions;
  cache: Uint8Array | undefined;
  room: ImageRoom | null;
}

/** A room with a plugin in it, and what waits for it. */
export interface ImageRoom {
  room: Room;
  image: LoadedImage;
  /** Asks, timers and pulls that will enter the room again. */
  pending: number;
  calls: Set<number>;
  /** As last measured, and the CPU time used there since. */
  heap_bytes: number;
  sinceHeap_ms: number;
  /** Closed as soon as no call is in it. */
  isStale: boolean;
}

/** Made before it is needed, this long after the process last had something to do. */
const SPARE_DELAY_MS = 20;
/** The heap of most plugins; others get a room of their own making. */
const SPARE_HEAP_MB = 32;

/** The rooms of this process: one per image, made at its first call, and one spare. */
export class Rooms {
  private readonly engine: Engine;
  private readonly host: (owner: ImageRoom | null, call: number, op: number, json: string) => number;
  private readonly onCatastrophe: (message: string) => void;
  private readonly images = new Map<number, LoadedImage>();
  private spare: { room: Room; owner: { current: ImageRoom | null } } | null = null;
  private spareTimer: NodeJS.Timeout | null = null;

  constructor(
    engine: Engine,
    host: (owner: ImageRoom | null, call: number, op: number, json: string) => number,
    onCatastrophe: (message: string) => void,
  ) {
    this.engine = engine;
    this.host = host;
    this.onCatastrophe = onCatastrophe;
  }

  load(number: number, script: string, label: string, options: ImageOptions, cache: Uint8Array | undefined): void {
    this.unload(number);
    this.images.set(number, { number, script, label, options, cache, room: null });
  }

  unload(number: number): LoadedImage | undefined {
    const image = this.images.get(number);
    if (!image) return undefined;
    if (image.room) this.close(image.room);
    this.images.delete(number);
    return image;
  }

  find(number: number): LoadedImage | undefined {
    return this.images.get(number);
  }

  /** The image's room; made, and the script run, when there is none. Throws `Stopped` or `LoadFailed`. */
  enter(image: LoadedImage, timeout_ms: number): ImageRoom {
    if (image.room) return image.room;
    const { room, owner } = this.take(image.options.heap_mb);
    try {
      const taken = room.run(image.script, image.label, timeout_ms, image.cache);
      if (image.cache && !taken) image.options.want_cache = true;
    } catch (error) {
      room.close();
      throw error;
    }
    image.cache = undefined;
    image.room = { room, image, pending: 0, calls: new Set(), heap_bytes: 0, sinceHeap_ms: 0, isStale: false };
    owner.current = image.room;
    return image.room;
  }

  close(owned: ImageRoom): void {
    owned.room.close();
    if (owned.image.room === owned) owned.image.room = null;
  }

  /** Makes the spare, a little later. */
  prepareSpare(): void {
    if (this.spare || this.spareTimer) return;
    this.spareTimer = setTimeout(() => {
      this.spareTimer = null;
      this.spare ??= this.make(SPARE_HEAP_MB);
    }, SPARE_DELAY_MS);
  }

  private take(heap_mb: number) {
    const { spare } = this;
    if (!spare || heap_mb !== SPARE_HEAP_MB) return this.make(heap_mb);
    this.spare = null;
    this.prepareSpare();
    return spare;
  }

  private make(heap_mb: number) {
    const owner: { current: ImageRoom | null } = { current: null };
    const room = this.engine.open({
      heap_mb,
      seed: randomBytes(32).toString('hex'),
      host: (call, op, json) => this.host(owner.current, call, op, json),
      onCatastrophe: this.onCatastrophe,
    });
    return { room, owner };
  }
}
