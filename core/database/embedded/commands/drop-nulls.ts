import { type Document, isDocument } from '../values/document.ts';

/** Where the statements of writes are. */
const STATEMENTS = ['updates', 'deletes', 'ops'];

/**
 * Takes what is null out of a command, its statements and their collations: MongoDB reads a null option as one that was not
 * given, and drivers send nulls for what their caller left undefined. A collation needs its `locale` all the same, and takes
 * no null for `backwards`.
 */
export function dropNulls(command: Document): void {
  for (const [name, value] of Object.entries(command)) {
    if (value === null) delete command[name];
    else if (name === 'collation' && isDocument(value)) dropNullsOfCollation(value);
    else if (STATEMENTS.includes(name) && Array.isArray(value)) value.filter(isDocument).forEach(dropNulls);
    else if (name === 'explain' && isDocument(value)) dropNulls(value);
  }
}

function dropNullsOfCollation(collation: Document): void {
  for (const [name, value] of Object.entries(collation))
    if (value === null && !['locale', 'backwards'].includes(name)) delete collation[name];
}
