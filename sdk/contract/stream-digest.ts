import { createHash } from 'node:crypto';
import { withoutSecrets } from './without-secrets.ts';

/** A recording is no place for more than this, so longer streams need no digest. */
const mostChars = 1_000_000;

/**
 * What the batches of a stream come down to, for its recording: two runs that yielded the same have the same digest. Texts
 * under a secret's name are left out of it, because a replay does not have them.
 */
export class StreamDigest {
  private readonly hash = createHash('sha256');
  private chars = 0;

  add(batch: unknown): void {
    if (this.chars > mostChars) return;
    const text = JSON.stringify(withoutSecrets(batch)) ?? 'null';
    this.chars += text.length;
    this.hash.update(text).update('\n');
  }

  /** Hexadecimal; null when there was too much. Ends it. */
  end(): string | null {
    return this.chars > mostChars ? null : this.hash.digest('hex');
  }
}
