import type { StoreRequest } from '../../sandbox/index.ts';

/** `ctx.store` in memory, with versions; `values` shows a test what is stored. */
export function memoryStore(values: Map<string, unknown>): (request: StoreRequest) => unknown {
  const versions = new Map<string, number>();
  return (request) => {
    switch (request.op) {
      case 'get':
        return values.has(request.key)
          ? { value: values.get(request.key), version: versions.get(request.key) ?? 1 }
          : null;
      case 'set': {
        const version = values.has(request.key) ? (versions.get(request.key) ?? 1) : 0;
        if (request.if_version !== undefined && request.if_version !== version) {
          throw Object.assign(new Error(`It has version ${version}, not ${request.if_version}`), { code: 'conflict' });
        }
        values.set(request.key, structuredClone(request.value));
        versions.set(request.key, version + 1);
        return { version: version + 1 };
      }
      case 'delete':
        return values.delete(request.key);
      case 'list':
        return [...values.keys()]
          .filter((key) => key.startsWith(request.prefix ?? '') && (request.after === undefined || key > request.after))
          .sort()
          .slice(0, request.limit ?? 100);
    }
  };
}
