import type { Text } from '../language.ts';
import { byKind } from './by-kind.ts';
import { count, eventTypePattern, listOf, methods, ref, type Template } from './shapes.ts';

interface Asked {
  /** Shown to the admin who is asked to grant it. */
  reason: Text;
  /** The plugin works without it, and asks `ctx.permissions.has`. */
  optional?: boolean;
}
/** What a plugin needs and why. Nothing is allowed that is not asked here and granted by an admin. */
export type Permission = Asked &
  (
    | {
        name: 'network';
        /** `api.github.com`, `*.example.com`, `{config.host}`, `{credential.host}`, with a port where it is not the usual one. */
        hosts: readonly Template[];
        methods?: readonly string[];
        /** On the parsed path: `*` is one segment, `**` the rest. */
        paths?: readonly string[];
        /** Addresses inside private networks; still needs `PATCHBAY_EGRESS_ALLOW`. */
        private?: boolean;
      }
    | { name: 'app'; service: string }
    | { name: 'files'; max_bytes: number }
    | { name: 'storage' }
    | { name: 'events:emit'; types?: readonly string[] }
    | { name: 'events:listen'; types?: readonly string[] }
    | { name: 'schedule' }
    | { name: 'records:read'; models?: readonly string[] }
    | { name: 'project:read' }
  );
export type PermissionName = Permission['name'];

const eventTypes = listOf({ type: 'string', pattern: eventTypePattern }, { minItems: 1, maxItems: 200 });

export const permissionDefinitions = {
  permission: {
    required: ['name', 'reason'],
    ...byKind(
      'name',
      {
        reason: ref('text'),
        optional: { type: 'boolean' },
        hosts: listOf(ref('template'), { minItems: 1, maxItems: 100 }),
        methods: listOf(methods, { minItems: 1, maxItems: 7 }),
        paths: ref('paths'),
        private: { type: 'boolean' },
        service: { type: 'string', pattern: '^[a-z][a-z0-9_]*$', maxLength: 64 },
        max_bytes: count(1, 10_737_418_240),
        types: eventTypes,
        models: listOf({ type: 'string' }, { minItems: 1, maxItems: 50 }),
      },
      {
        network: { needs: ['hosts'], takes: ['methods', 'paths', 'private'] },
        app: { needs: ['service'] },
        files: { needs: ['max_bytes'] },
        storage: {},
        'events:emit': { takes: ['types'] },
        'events:listen': { takes: ['types'] },
        schedule: {},
        'records:read': { takes: ['models'] },
        'project:read': {},
      },
      ['reason', 'optional'],
    ),
  },
};
