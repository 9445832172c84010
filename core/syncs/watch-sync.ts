import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Live } from '../http/route.ts';
import { Sync, type SyncDoc } from './model.ts';
import { presentSync } from './present.ts';

const every_ms = 500;
const longest_ms = 900_000;

/** A sync as server-sent events: one whenever it changed, until it is over. */
export function watchSync(sync: SyncDoc, signal: AbortSignal): Live {
  return new Live(Readable.from(changes(sync, signal)));
}

async function* changes(first: SyncDoc, signal: AbortSignal): AsyncGenerator<string> {
  let last = '';
  for (let sync: SyncDoc | null = first, began = Date.now(); sync && !signal.aborted; ) {
    const text = JSON.stringify(presentSync(sync));
    // A comment keeps proxies from closing a quiet connection.
    yield text === last ? ': still here\n\n' : `event: sync\ndata: ${text}\n\n`;
    last = text;
    if (sync.running_key === null || Date.now() - began > longest_ms) return;
    await sleep(every_ms);
    sync = await Sync.findOne({ _id: first._id }).lean();
  }
}
