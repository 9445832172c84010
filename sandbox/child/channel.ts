import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Channel } from '../outbox.ts';

/**
 * The host's channel. A write is one call of the kernel, without what a stream costs for each; what the kernel has no room
 * for goes through the stream. The process ends with the channel.
 */
export function openChannel(fd: number, onBytes: (bytes: Buffer) => void): Channel {
  const socket = new Socket({ fd, readable: true, writable: true });
  socket.on('data', onBytes);
  const end = () => process.exit(0);
  socket.on('end', end);
  socket.on('close', end);
  socket.on('error', end);
  return {
    write(bytes) {
      const sent = socket.writableLength === 0 ? writeNow(fd, bytes) : 0;
      if (sent < bytes.length) socket.write(bytes.subarray(sent));
    },
    get writableLength() {
      return socket.writableLength;
    },
  };
}

/** Bytes that the kernel took at once. */
function writeNow(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    // Full, or broken: the socket waits, or ends the process.
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}
