const deepest = 64;

/**
 * Why a stranger's JSON value cannot be part of a document, or null: BSON has no zero in a name, its serialisers take a
 * name `_bsontype` for a type of their own, a database may read `$` as an operator, and none nests without end. What
 * nobody searches in is better stored as JSON text, where all of this is allowed.
 */
export function unstorable(value: unknown): string | null {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return `is nested deeper than ${deepest} levels`;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      if (!Array.isArray(item)) {
        const name = Object.keys(item).find(isReserved);
        if (name !== undefined) return `has a field ${JSON.stringify(name.slice(0, 60))}: choose another name`;
      }
      for (const child of Object.values(item)) next.push(child);
    }
    level = next;
  }
  return null;
}

function isReserved(name: string): boolean {
  return name.startsWith('$') || name === '_bsontype' || name === '__proto__' || name.includes('\0');
}
