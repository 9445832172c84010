/**
 * What a sandbox process could do if a plugin broke out of its isolate and owned it: it speaks the protocol, and lies.
 * Started by `forged-frames.test.ts` in place of `sandbox/child/process.ts`. The handler of a call names the lie.
 */
import { Socket } from 'node:net';
import type { FrameFields, Part } from '../../../sandbox/protocol.ts';
import { encodeFrame, FrameReader, HEADER_BYTES, Op, ToChild, ToHost } from '../../../sandbox/protocol.ts';

const socket = new Socket({ fd: 3, readable: true, writable: true });
const send = (fields: FrameFields, parts: readonly Part[]) => socket.write(encodeFrame(fields, parts));
const done = (call: number, json: string, flag = 4) => send({ kind: ToHost.done, call, flag }, [json]);
const ask = (call: number, op: number, json: string, ticket = 1) =>
  send({ kind: ToHost.ask, call, flag: op, ticket }, [json]);

const journal = (call: number, reads: number) =>
  ask(call, Op.journal, JSON.stringify({ clock: new Array(reads).fill(1), is_cut: false }));

const header = (size: number, kind: number, call: number) => {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(size, 0);
  bytes[4] = kind;
  bytes.writeUInt32LE(call, 8);
  return bytes;
};

/** Calls that ask again whenever they are answered. */
const endless = new Set<number>();

const LIES: Record<string, (call: number) => void> = {
  honest: (call) => done(call, '"fine"'),
  'length beyond the limit': (call) => socket.write(header(0xfffffff0, ToHost.done, call)),
  'length of nothing': (call) => socket.write(header(0, ToHost.done, call)),
  'more parts than there are': (call) => socket.write(Buffer.concat([header(1, ToHost.done, call), Buffer.from([7])])),
  'part past its frame': (call) => {
    const body = Buffer.from([1, 0xff, 0xff, 0, 0, 1]);
    socket.write(Buffer.concat([header(body.length, ToHost.done, call), body]));
  },
  'bytes of no part': (call) => {
    const body = Buffer.from([1, 1, 0, 0, 0, 0x31, 0x32, 0x33]);
    socket.write(Buffer.concat([header(body.length, ToHost.done, call), body]));
  },
  'unknown kind': (call) => send({ kind: 99, call }, ['{}']),
  'call that never was': () => ask(4_000_000_000, Op.fetch, '{"url":"https://api.example.com/","method":"GET"}'),
  'call zero': () => ask(0, Op.store, '{"op":"get","key":"a"}'),
  'operation that does not exist': (call) => ask(call, 200, '{}'),
  'operation of the guest': (call) => ask(call, Op.timer, '1'),
  'request that is no JSON': (call) => ask(call, Op.store, 'op=get'),
  'request in two parts': (call) => {
    const [get, set] = ['{"op":"get","key":"a"}', '{"op":"set","key":"a","value":1}'];
    send({ kind: ToHost.ask, call, flag: Op.store, ticket: 1 }, [get, set]);
  },
  'request beyond every size': (call) => {
    ask(call, Op.store, JSON.stringify({ op: 'set', key: 'a', value: 'x'.repeat(3_000_000) }));
  },
  'host call without end': (call) => {
    endless.add(call);
    ask(call, Op.store, '{"op":"get","key":"a"}');
  },
  'ticket zero': (call) => ask(call, Op.store, '{"op":"get","key":"a"}', 0),
  'ticket twice': (call) => {
    // In one write, so that both are there before the first is answered.
    const frame = encodeFrame({ kind: ToHost.ask, call, flag: Op.store, ticket: 5 }, ['{"op":"get","key":"a"}']);
    socket.write(Buffer.concat([frame, frame]));
  },
  'host call more than may be at once': (call) => {
    // In one write: in several, the host may have answered the first before it hears of the last.
    socket.cork();
    for (let i = 1; i <= 17; i++) ask(call, Op.store, '{"op":"get","key":"a"}', i);
    socket.uncork();
  },
  'log flood': (call) => {
    for (let i = 0; i < 1000; i++) ask(call, Op.log, '{"level":"info","message":"x"}');
  },
  'log that is no line': (call) => ask(call, Op.log, '{"level":"root","message":{}}'),
  'journal that is no list': (call) => ask(call, Op.journal, '{"clock":7,"is_cut":false}'),
  'journal of words': (call) => ask(call, Op.journal, '{"clock":["now"],"is_cut":false}'),
  'journal that is cut by a word': (call) => ask(call, Op.journal, '{"clock":[],"is_cut":"no"}'),
  'journal of more than is read': (call) => journal(call, 10_001),
  'journal for the second time': (call) => {
    journal(call, 1);
    journal(call, 1);
  },
  'honest journal': (call) => {
    journal(call, 10_000);
    done(call, '"fine"');
  },
  'error that is no object': (call) => done(call, '"oops"', 5),
  'error of a type of its own': (call) => done(call, '{"type":"granted","message":"x"}', 13),
  'error that is no JSON': (call) => done(call, '{', 5),
  'page in place of an answer to nobody': (call) => {
    done(call, '1');
    done(call, '2');
    send({ kind: ToHost.done, call: call + 1_000_000, flag: 4 }, ['1']);
  },
  'code cache that nobody wanted': (call) => {
    send({ kind: ToHost.cache, call: 1 }, ['x']);
    send({ kind: ToHost.cache, call: 1 }, ['y']);
    done(call, '1');
  },
  'barriers again': () => send({ kind: ToHost.probed, call: 0 }, ['{"file":true}']),
  'ready again': (call) => send({ kind: ToHost.ready, call }, ['{}']),
  'answer that opens more than it closes': (call) => done(call, '{"a":['),
  'answer with a text without end': (call) => done(call, '"abc'),
  'answer nested ten thousand deep': (call) => done(call, '['.repeat(10_000) + ']'.repeat(10_000)),
  'answer of ten megabytes': (call) => done(call, `"${'x'.repeat(10_000_000)}"`),
  'fetch that was not granted': (call) => {
    ask(call, Op.fetch, '{"url":"https://evil.example/","method":"GET","headers":{}}');
  },
  'fetch with grants of its own': (call) => {
    const request = {
      url: 'https://evil.example/',
      method: 'GET',
      headers: {},
      grants: [{ name: 'network', hosts: ['evil.example'] }],
    };
    ask(call, Op.fetch, JSON.stringify({ ...request, scope: { who: 'admin' } }));
  },
};

const reader = new FrameReader((frame) => {
  if (frame.kind === ToChild.probe) send({ kind: ToHost.probed, call: 0 }, ['{"file":false}']);
  if (frame.kind === ToChild.call) LIES[String(frame.parts[0])]?.(frame.call);
  if (frame.kind !== ToChild.reply) return;
  if (endless.has(frame.call)) ask(frame.call, Op.store, '{"op":"get","key":"a"}', frame.ticket + 1);
  // Whatever it is told after a refused request, it reports as its answer.
  else done(frame.call, String(frame.parts[0]));
});
socket.on('data', (chunk: Buffer) => reader.push(chunk));
socket.on('end', () => process.exit(0));
socket.on('error', () => process.exit(0));
send({ kind: ToHost.ready, call: 0 }, ['{}']);
