/** Codes with which a server says that it cannot write now: not primary, shutting down, out of disk, read-only. */
const downCodes = new Set([6, 7, 11600, 11602, 10107, 13435, 13436, 189, 91, 14031, 28675, 96]);
const downNames =
  /^(MongoServerSelectionError|MongoNetworkError|MongoNetworkTimeoutError|MongoNotConnectedError|MongoTopologyClosedError|MongoPoolClearedError|PoolClearedOnNetworkError|MongoExpiredSessionError|MongooseServerSelectionError|DisconnectedError)$/;

/**
 * True when an error means that the database cannot be reached or cannot write now, so that the same request may work
 * later: HTTP answers F50401.
 */
export function isDatabaseDown(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { name, code } = at as Error & { code?: unknown };
    if (isLostSocket(at)) return true;
    if (downNames.test(name) || (typeof code === 'number' && name.startsWith('Mongo') && downCodes.has(code)))
      return true;
    if (name === 'MongooseError' && /buffering timed out|not connected/i.test(at.message)) return true;
  }
  return false;
}

/** The driver lets the error of a socket through as it is when the server dies while a connection is being made. */
function isLostSocket(error: Error): boolean {
  const { code, stack = '' } = error as Error & { code?: unknown };
  return /^(EPIPE|ECONNRESET|ECONNREFUSED)$/.test(String(code)) && stack.includes('node_modules/mongodb/');
}
