import type { Connection } from './connection.ts';

/** The version of the file's layout. A file of a later version is refused rather than misread. */
export const FORMAT = 1;

/** Marks a new file with the version, and refuses a file of a later one. */
export function checkFormat(connection: Connection): void {
  connection.sqlite.exec('CREATE TABLE IF NOT EXISTS format (version INTEGER NOT NULL)');
  const version = connection.get('SELECT version FROM format')?.[0];
  if (version === undefined) connection.run('INSERT INTO format (version) VALUES (?)', FORMAT);
  else if (Number(version) > FORMAT) {
    throw new Error(
      `The data folder has format ${version}, this Patchbay reads up to ${FORMAT}; use the Patchbay that wrote it, or a newer one`,
    );
  }
}
