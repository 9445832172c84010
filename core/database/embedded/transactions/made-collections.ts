import { CommandError } from '../errors.ts';
import { type Catalog, type Collection, checkName, idIndexOf } from '../storage/catalog.ts';
import { makeIndex } from '../storage/index.ts';
import type { Document } from '../values/document.ts';
import { TRANSIENT } from './locks.ts';

/** The ids of what is not yet stored are negative: no table has such a name. */
let lastId = 0;

/**
 * The collections that a transaction has made: others see them after its commit, and never when it aborts
 * (manual: core/transactions, "Create Collections and Indexes in a Transaction").
 */
export class MadeCollections {
  #collections = new Map<string, Collection>();
  /** Those that a `create` asked for; others were made by their first document. */
  #asked = new Set<Collection>();

  get size(): number {
    return this.#collections.size;
  }

  find(database: string, name: string): Collection | undefined {
    return this.#collections.get(`${database}.${name}`);
  }

  /** Makes a collection; with `options`, even empty ones, because somebody asked for it. @throws CommandError 73 for its name */
  create(database: string, name: string, options?: Document): Collection {
    checkName(database, name);
    const collection: Collection = {
      id: --lastId,
      database,
      name,
      options: options ?? {},
      uuid: '',
      indexes: [makeIndex(--lastId, idIndexOf(options ?? {}), false)],
      nextRow: 1,
      dropped: false,
    };
    this.#collections.set(`${database}.${name}`, collection);
    if (options) this.#asked.add(collection);
    return collection;
  }

  addIndex(collection: Collection, spec: Document): void {
    collection.indexes.push(makeIndex(--lastId, spec, false));
    this.#asked.add(collection);
  }

  /**
   * Makes them for all; belongs into a job of the commit queue.
   * @returns what each has become: what another has made meanwhile by its first document serves as well
   * @throws CommandError 112 when another has made one that this transaction described
   */
  store(catalog: Catalog): Map<Collection, Collection> {
    const stored = new Map<Collection, Collection>();
    for (const made of this.#collections.values()) {
      const other = catalog.find(made.database, made.name);
      if (other && this.#asked.has(made)) {
        const message = `The collection ${made.database}.${made.name} was made by another while the transaction was open`;
        throw new CommandError(112, message, { labels: [TRANSIENT] });
      }
      const collection = other ?? catalog.create(made.database, made.name, made.options);
      if (!other) for (const { spec } of made.indexes.slice(1)) catalog.addIndex(collection, spec);
      stored.set(made, collection);
    }
    return stored;
  }
}
