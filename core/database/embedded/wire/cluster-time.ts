import { Binary, Timestamp } from 'bson';
import type { ChangeLog } from '../changes/change-log.ts';
import { encode } from '../values/encode.ts';

/** A server without keys signs with zeros. */
const SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: 0n };

/**
 * The times that every reply of a member of a replica set has: `operationTime`, by which a session reads what it has written,
 * and `$clusterTime`, which drivers give back (manual: reference/command, "Response"; core/read-isolation-consistency-recency).
 * One server has one time, and all that was committed is seen by all, so nothing ever waits for one.
 */
export class ClusterTime {
  readonly #changes: ChangeLog;
  #time = 0n;
  #fields: Buffer = Buffer.alloc(0);

  constructor(changes: ChangeLog) {
    this.#changes = changes;
  }

  /** Both fields, as the bytes of a document after its length. */
  fields(): Buffer {
    const { time } = this.#changes;
    if (time !== this.#time) {
      const at = new Timestamp(time);
      this.#fields = encode({ $clusterTime: { clusterTime: at, signature: SIGNATURE }, operationTime: at }).subarray(4);
      this.#time = time;
    }
    return this.#fields;
  }
}
