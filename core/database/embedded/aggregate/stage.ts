import type { Context } from '../query/operators.ts';
import type { Document, Value } from '../values/document.ts';

/** One stage at work: it gets chunks of documents, and gives chunks on. */
export type Stage = {
  push: (documents: Document[]) => Document[];
  /** Gives what it has kept until now. */
  end?: () => Document[];
  /** Whether it wants nothing more, as `$limit` when it is full. */
  done?: () => boolean;
};

/** What stages that read other collections need. */
export type Environment = {
  context: Context;
  database: string;
  /** Refuses a collection or view that cannot be read beside what the pipeline reads. */
  check: (collection: string) => void;
  /** The documents of a collection or view that match a filter. */
  read: (collection: string, filter?: Document) => Iterable<Document[]>;
  /** Runs a nested pipeline. */
  run: (source: Iterable<Document[]>, pipeline: Value[], environment: Environment) => Document[];
  /** Refuses what does not belong into a nested pipeline. */
  nested?: boolean;
};

/** A stage that treats each document by itself. */
export function each(change: (document: Document) => Document | Document[] | undefined): Stage {
  return {
    push: (documents) => {
      const result: Document[] = [];
      for (const document of documents) {
        const made = change(document);
        if (Array.isArray(made)) result.push(...made);
        else if (made !== undefined) result.push(made);
      }
      return result;
    },
  };
}

/** A stage that needs all documents before it can give the first. */
export function whole(change: (documents: Document[]) => Document[]): Stage {
  const held: Document[] = [];
  return {
    push: (documents) => {
      for (const document of documents) held.push(document);
      return [];
    },
    end: () => change(held),
  };
}
