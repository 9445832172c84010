import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openFile } from '../backup.ts';
import { type Inspection, inspect } from '../doctor.ts';
import { CommandError, cut } from '../errors.ts';
import { Catalog } from '../storage/catalog.ts';
import type { Document } from '../values/document.ts';
import { type Command, collectionName, existing } from './request.ts';
import { validatorOf } from './validation.ts';

/** How long it reads before others have a turn, in milliseconds. */
const TURN_MS = 8;

/**
 * The `validate` command: compares the indexes of a collection with its documents (manual: reference/command/validate), on a
 * connection of its own, which sees one moment while others write.
 */
export const validateCollection: Command = async (request) => {
  const name = collectionName(request);
  const namespace = `${request.database}.${name}`;
  if (!existing(request)) throw new CommandError(26, `Collection '${cut(namespace)}' does not exist to validate.`);
  // What is being committed becomes visible to the other connection first.
  await request.engine.queue.submit(() => ({ ok: 1 }));
  const connection = openFile(dirname(request.engine.file), { readOnly: true });
  try {
    connection.sqlite.exec('BEGIN');
    const collection = new Catalog(connection).find(request.database, name);
    if (!collection) throw new CommandError(26, `Collection '${cut(namespace)}' does not exist to validate.`);
    const complies = validatorOf(collection.options);
    let strays = 0;
    const inspection = inspect(connection, collection, (document) => {
      if (!complies(document)) strays++;
    });
    let turn = performance.now();
    for (;;) {
      const step = inspection.next();
      if (step.done) return report(namespace, step.value, strays);
      if (performance.now() - turn < TURN_MS) continue;
      await nextTurn();
      turn = performance.now();
    }
  } finally {
    connection.close();
  }
};

function report(ns: string, { documents, unreadable, counts }: Inspection, strays: number): Document {
  const indexes = [...counts].map(([{ name }, count]) => ({ name, ...count }));
  const broken = indexes.filter(({ missing, unexpected }) => missing || unexpected);
  const errors = [
    ...unreadable,
    ...broken.map(
      ({ name, missing, unexpected }) =>
        `index ${name}: ${missing} keys are missing and ${unexpected} belong to no document`,
    ),
  ];
  return {
    ns,
    nInvalidDocuments: unreadable.length,
    nNonCompliantDocuments: strays,
    nrecords: documents + unreadable.length,
    nIndexes: indexes.length,
    keysPerIndex: Object.fromEntries(
      indexes.map(({ name, expected, missing, unexpected }) => [name, expected - missing + unexpected]),
    ),
    indexDetails: Object.fromEntries(
      indexes.map(({ name }) => [name, { valid: !broken.some((one) => one.name === name) }]),
    ),
    valid: errors.length === 0,
    repaired: false,
    warnings: [],
    errors,
    extraIndexEntries: [],
    missingIndexEntries: [],
    corruptRecords: [],
    ok: 1,
  };
}
