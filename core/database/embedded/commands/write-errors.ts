import { CommandError } from '../errors.ts';
import type { Document } from '../values/document.ts';
import { isTruthy } from '../values/types.ts';
import type { Request } from './request.ts';

/**
 * Does the parts of a write command one after the other. A part that fails is reported by its position; the rest is done
 * when the command says `ordered: false` (manual: reference/method/db.collection.bulkWrite, "Execution of Operations").
 */
export function runParts(request: Request, count: number, part: (position: number) => void): Document[] {
  const { ordered } = request.command;
  const errors: Document[] = [];
  for (let position = 0; position < count; position++) {
    try {
      part(position);
    } catch (error) {
      // A transaction fails as a whole, and so does what has to wait or what the disk refuses.
      if (!(error instanceof CommandError) || error.labels.length) throw error;
      errors.push({ index: position, code: error.code, errmsg: error.message, ...error.fields });
      if (ordered === undefined || isTruthy(ordered) || request.transaction) break;
    }
  }
  if (errors.length && request.transaction) request.engine.sessions.abandon(request.session);
  return errors;
}
