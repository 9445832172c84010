import type { Connection } from './connection.ts';

/** The version of the file's layout. A file of a later version is refused rather than misread. */
export const FORMAT = 1;

/** Marks a new file with the version, and refuses a file of a later one. */
export function checkFormat(connection: Connection): void {
  connection.sqlite.exec('CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL)');
  if (connection.get('SELECT version FROM format') === undefined)
    connection.run('INSERT INTO format (version) VALUES (?)', FORMAT);
  refuseLaterFormat(connection, 'The data folder');
}

/** @param what - the file or folder, for the message. @throws Error when it is of a later version than this engine reads */
export function refuseLaterFormat(connection: Connection, what: string): void {
  const known = connection.get("SELECT 1 FROM sqlite_schema WHERE name = 'format'");
  const version = known && connection.get('SELECT version FROM format')?.[0];
  if (Number(version ?? FORMAT) > FORMAT) {
    throw new Error(
      `${what} has format ${version}, this Patchbay reads up to ${FORMAT}; use the Patchbay that wrote it, or a newer one`,
    );
  }
}
