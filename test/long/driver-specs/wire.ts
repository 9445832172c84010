import { BSON, type Document } from 'mongodb';

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MORE_TO_COME = 2;

/** What a message asks: its command, and whether anybody waits for an answer. */
export type Asked = { requestId: number; legacy: boolean; answered: boolean; command: Document };

/** Cuts what comes over a socket into whole messages of the wire protocol (manual: reference/mongodb-wire-protocol). */
export function messagesOf(receive: (message: Buffer) => void): (data: Buffer) => void {
  let held = Buffer.alloc(0);
  return (data) => {
    held = Buffer.concat([held, data]);
    while (held.length >= 4 && held.length >= held.readInt32LE(0)) {
      const length = held.readInt32LE(0);
      receive(Buffer.from(held.subarray(0, length)));
      held = held.subarray(length);
    }
  };
}

/** Reads a request; document sequences are left out, fail points are about the body only. */
export function readRequest(message: Buffer): Asked {
  const requestId = message.readInt32LE(4);
  const legacy = message.readInt32LE(12) === OP_QUERY;
  const at = legacy ? message.indexOf(0, 20) + 9 : 21;
  const command = BSON.deserialize(message.subarray(at, at + message.readInt32LE(at)));
  return { requestId, legacy, answered: legacy || (message.readUInt32LE(16) & MORE_TO_COME) === 0, command };
}

/** Reads a reply: which request it answers, and the document. */
export function readReply(message: Buffer): { responseTo: number; legacy: boolean; reply: Document } {
  const legacy = message.readInt32LE(12) === OP_REPLY;
  const at = legacy ? 36 : 21;
  const reply = BSON.deserialize(message.subarray(at), { promoteValues: false, promoteLongs: false, bsonRegExp: true });
  return { responseTo: message.readInt32LE(8), legacy, reply };
}

/** Writes a reply to a request. */
export function writeReply(responseTo: number, legacy: boolean, reply: Document): Buffer {
  const body = BSON.serialize(reply);
  const header = Buffer.alloc(legacy ? 36 : 21);
  header.writeInt32LE(header.length + body.length, 0);
  header.writeInt32LE(responseTo, 8);
  header.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) header.writeInt32LE(1, 32);
  return Buffer.concat([header, body]);
}
