import { bufferOf, type Cell } from './connection.ts';

/** How many documents are read at once at most; a scan may be paused between two reads. */
export const CHUNK = 256;

/** Documents of unknown size are read by this many: they may be of 16 MB each. */
const BLIND = 32;

/** About how many bytes of documents may be read at once. */
export const MAX_BYTES = 16 * 1024 * 1024;

/** How many documents a scan reads next: as many as are wanted, but no more than are likely to fit into memory. */
export class Pace {
  size: number;
  #wanted: number;

  /** @param wanted - how many documents are wanted at first */
  constructor(wanted: number) {
    this.size = Math.min(wanted, BLIND);
    this.#wanted = wanted - this.size;
  }

  /** Learns from what was read; `cells` have the document in their second column. */
  after(cells: Cell[][]): void {
    let bytes = 1;
    for (const [, doc] of cells) bytes += bufferOf(doc).length;
    const fitting = Math.max(1, Math.floor((MAX_BYTES * cells.length) / bytes));
    this.size = Math.min(CHUNK, fitting, this.#wanted > 0 ? this.#wanted : CHUNK);
    this.#wanted -= this.size;
  }
}
