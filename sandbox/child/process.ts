/**
 * The entry of a sandbox process. Descriptor 3 is the host's channel, 4 the flight recorder. It holds no secret, no
 * environment, no handle of the host's; when the channel closes, it ends.
 */
import { Outbox } from '../outbox.ts';
import type { Frame } from '../protocol.ts';
import { FrameReader, ToChild, ToHost } from '../protocol.ts';
import { probeBarriers } from './barriers.ts';
import { Calls } from './calls.ts';
import { openChannel } from './channel.ts';
import { isolatedVmEngine } from './isolated-vm.ts';
import { Recorder } from './recorder.ts';
import type { ImageOptions } from './rooms.ts';
import { Rooms } from './rooms.ts';

const CHANNEL = 3;
const RECORDER = 4;

const reader = new FrameReader(handle);
const outbox = new Outbox(
  openChannel(CHANNEL, (bytes) => {
    reader.push(bytes);
    calls.settleTurn();
  }),
);
const calls = new Calls(outbox, new Recorder(RECORDER));
const rooms = new Rooms(
  isolatedVmEngine(),
  (owner, call, op, json) => calls.ask(owner, call, op, json),
  // isolated-vm's advice is to end the process, and nothing slower than this works any more.
  () => process.kill(process.pid, 'SIGABRT'),
);
calls.use(rooms);
const EMPTY = Buffer.alloc(0);

function handle(frame: Frame): void {
  const { kind, call, ticket, flag, parts } = frame;
  const text = (i: number) => parts[i]?.toString('utf8') ?? '';
  if (kind === ToChild.call) calls.start(call, frame.a, ticket, flag, parts.map(String));
  else if (kind === ToChild.reply) calls.reply(call, ticket, flag, text(0), parts[1] ?? EMPTY);
  else if (kind === ToChild.next) calls.next(call, text(0));
  else if (kind === ToChild.end) calls.end(call);
  else if (kind === ToChild.load) {
    const cache = parts[3];
    rooms.load(call, text(0), text(1), JSON.parse(text(2)) as ImageOptions, cache && Uint8Array.from(cache));
    // One per turn: a call that comes meanwhile goes first.
    if (flag === 1) setImmediate(() => calls.loadAhead(call));
  } else if (kind === ToChild.unload) {
    const image = rooms.find(call);
    if (image) calls.unload(image);
    rooms.unload(call);
  } else if (kind === ToChild.probe) tellBarriers();
}

async function tellBarriers(): Promise<void> {
  const closed = await probeBarriers();
  outbox.put({ kind: ToHost.probed, call: 0 }, [JSON.stringify(closed)]);
  outbox.flush();
}

rooms.prepareSpare();
outbox.put({ kind: ToHost.ready, call: 0 }, [JSON.stringify({ node: process.versions.node, v8: process.versions.v8 })]);
outbox.flush();
