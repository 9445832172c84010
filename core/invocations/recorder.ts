import { randomBytes } from 'node:crypto';
import type { HostCallEntry, Journal } from '../../sandbox/types.ts';
import { withoutSecrets } from '../../sdk/contract/without-secrets.ts';

/** Text of all host calls of one invocation; past it the recording ends, and says so. */
const mostChars = 4_000_000;

/** Writes down what `patchbay replay` needs of a call that is under way. Bounded; what looks like a secret is masked. */
export class Recorder {
  /** 64 hex digits that all random values of the call grow from */
  readonly seed = randomBytes(32).toString('hex');
  private journal: Journal = { clock: [], is_cut: false };
  private entries: string[] = [];
  private chars = 0;
  private attempt = 0;
  private isCut = false;

  /** A host call was answered. A call that is run again begins anew. */
  add(entry: HostCallEntry): void {
    if (entry.attempt > this.attempt) {
      this.attempt = entry.attempt;
      this.entries = [];
      this.chars = 0;
      this.isCut = false;
    }
    if (this.isCut || entry.attempt < this.attempt) return;
    const text = JSON.stringify(withoutSecrets(entry));
    this.chars += text.length;
    this.isCut = this.chars > mostChars;
    if (!this.isCut) this.entries.push(text);
  }

  keep(journal: Journal): void {
    this.journal = journal;
  }

  /** JSON texts of the host calls, in the order in which they were answered; what the clock said; whether all of it is there. */
  read(): { seed: string; host_calls: string[]; clock: number[]; is_cut: boolean } {
    return {
      seed: this.seed,
      host_calls: this.entries,
      clock: this.journal.clock,
      is_cut: this.isCut || this.journal.is_cut,
    };
  }
}
