import { CommandError } from '../errors.ts';
import { decode } from '../values/decode.ts';
import { type Document, setField } from '../values/document.ts';
import { crc32c } from './crc32c.ts';

/** The operation codes of the wire protocol that are spoken here (manual: reference/mongodb-wire-protocol). */
export const OP_REPLY = 1;
export const OP_QUERY = 2004;
export const OP_MSG = 2013;

/** The longest message, in bytes, as `hello` says (`maxMessageSizeBytes`). */
export const MAX_MESSAGE = 48_000_000;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits 0 to 15 must be understood by the receiver. */
const REQUIRED_BITS = 0xffff;

/** How a document ends. */
const END = Buffer.of(0);

/** A command as it came in. `documents` are those of `insert`, left as bytes. */
export type Incoming = {
  requestId: number;
  legacy: boolean;
  /** Whether the client waits for a reply. */
  answered: boolean;
  command: Document;
  documents?: Buffer[];
};

/**
 * Reads one whole message.
 * @throws CommandError 22 for one that is not well formed, 352 for an operation that is not spoken here
 */
export function readMessage(message: Buffer): Incoming {
  const requestId = message.readInt32LE(4);
  const code = message.readInt32LE(12);
  if (code === OP_MSG) return readOpMsg(message, requestId);
  if (code === OP_QUERY) return readOpQuery(message, requestId);
  throw new CommandError(
    352,
    `Unsupported OP_QUERY command or operation code ${code}. The client driver may require an upgrade.`,
  );
}

function readOpMsg(message: Buffer, requestId: number): Incoming {
  const flags = message.readUInt32LE(16);
  if (flags & REQUIRED_BITS & ~(CHECKSUM_PRESENT | MORE_TO_COME)) {
    throw new CommandError(9, `Message contains illegal flags value: ${flags}`);
  }
  let end = message.length;
  if (flags & CHECKSUM_PRESENT) {
    end -= 4;
    if (crc32c(message.subarray(0, end)) !== message.readUInt32LE(end)) {
      throw new CommandError(22, 'OP_MSG checksum does not match contents');
    }
  }
  let command: Document | undefined;
  let documents: Buffer[] | undefined;
  const sequences: [string, Buffer[]][] = [];
  for (let at = 20; at < end; ) {
    const kind = message[at++];
    if (kind === 0) {
      if (command) throw new CommandError(22, 'Multiple body sections in message');
      command = decode(message.subarray(0, end), at);
      at += message.readInt32LE(at);
    } else if (kind === 1) {
      const size = at + 4 <= end ? message.readInt32LE(at) : 0;
      if (size < 5 || at + size > end) throw new CommandError(22, 'A document sequence does not fit into its message');
      sequences.push(readSequence(message.subarray(at + 4, at + size)));
      at += size;
    } else throw new CommandError(22, `Unknown section kind ${kind}`);
  }
  if (!command) throw new CommandError(22, 'OP_MSG messages must have a body');
  for (const [name, items] of sequences) {
    if (name in command) throw new CommandError(22, `Duplicate field between body and document sequence ${name}`);
    if (name === 'documents') documents = items;
    else
      setField(
        command,
        name,
        items.map((item) => decode(item)),
      );
  }
  return { requestId, legacy: false, answered: !(flags & MORE_TO_COME), command, documents };
}

function readSequence(section: Buffer): [string, Buffer[]] {
  const nameEnd = section.indexOf(0);
  if (nameEnd === -1) throw new CommandError(22, 'A document sequence has no name');
  const documents: Buffer[] = [];
  for (let at = nameEnd + 1; at < section.length; ) {
    const size = at + 4 <= section.length ? section.readInt32LE(at) : 0;
    if (size < 5 || at + size > section.length) throw new CommandError(22, 'A document does not fit into its sequence');
    documents.push(section.subarray(at, at + size));
    at += size;
  }
  return [section.toString('utf8', 0, nameEnd), documents];
}

/** The legacy query, which drivers still use for their first hello. */
function readOpQuery(message: Buffer, requestId: number): Incoming {
  const nameEnd = message.indexOf(0, 20);
  const namespace = message.toString('utf8', 20, nameEnd);
  if (nameEnd === -1 || !namespace.endsWith('.$cmd')) {
    throw new CommandError(
      352,
      `Unsupported OP_QUERY on ${namespace.slice(0, 60)}. The client driver may require an upgrade.`,
    );
  }
  const command = decode(message, nameEnd + 9);
  command.$db ??= namespace.slice(0, -'.$cmd'.length);
  return { requestId, legacy: true, answered: true, command };
}

/**
 * Writes a reply: OP_MSG, or OP_REPLY to a legacy query.
 * @param reply - the bytes of a document, whose length is changed
 * @param more - further fields: the bytes of a document after its length
 */
export function writeReply(
  reply: Buffer,
  incoming: Pick<Incoming, 'requestId' | 'legacy'>,
  more: Buffer = END,
): Buffer[] {
  const length = reply.length - END.length + more.length;
  const header = Buffer.alloc(incoming.legacy ? 36 : 21);
  header.writeInt32LE(header.length + length, 0);
  header.writeInt32LE(incoming.requestId, 8);
  header.writeInt32LE(incoming.legacy ? OP_REPLY : OP_MSG, 12);
  if (incoming.legacy) header.writeInt32LE(1, 32);
  reply.writeInt32LE(length, 0);
  return [header, reply.subarray(0, -END.length), more];
}
