import type { Text } from '../language.ts';
import { modelNames } from '../model-names.ts';
import type { Schema } from './actions.ts';
import { closed, count, listOf, type Pointer, ref, shortText } from './shapes.ts';

/** What sync pulls (or a person pushes). */
export interface Stream {
  title: Text;
  description?: Text;
  /** The unified model that its records have beside the raw data. */
  model?: (typeof modelNames)[number];
  /** JSON Schema of a raw record. */
  schema?: Schema;
  source?: 'pull' | 'push' | 'upload';
  primary_key: readonly Pointer[];
  version?: Pointer;
  modes: readonly ('full' | 'incremental' | 'delta')[];
  parent?: { stream: string; unless_changed?: Pointer; at_once?: number };
  cursor?: {
    field?: Pointer;
    overlap_s?: number;
    step_s?: number;
    history_s?: number;
    restates_s?: number;
    reset_on?: readonly string[];
  };
  deletes: 'none' | 'missing' | 'missing_twice' | 'feed' | 'flag';
  every_s?: number;
  upload?: { types: readonly string[]; max_bytes: number; entry?: string };
}

export const streamDefinitions = {
  stream: closed(
    ['title', 'primary_key', 'modes', 'deletes'],
    {
      title: ref('text'),
      description: ref('text'),
      model: { enum: modelNames },
      schema: ref('stranger_schema'),
      source: { enum: ['pull', 'push', 'upload'] },
      primary_key: listOf(ref('pointer'), { minItems: 1, maxItems: 5 }),
      version: ref('pointer'),
      modes: listOf({ enum: ['full', 'incremental', 'delta'] }, { minItems: 1, maxItems: 3, uniqueItems: true }),
      parent: closed(['stream'], {
        stream: shortText(64),
        unless_changed: ref('pointer'),
        at_once: count(1, 50),
      }),
      cursor: closed([], {
        field: ref('pointer'),
        overlap_s: count(0, 31_536_000),
        step_s: count(1, 315_360_000),
        history_s: count(1, 3_153_600_000),
        restates_s: count(1, 31_536_000),
        reset_on: listOf({ type: 'string' }, { minItems: 1, maxItems: 20 }),
      }),
      deletes: { enum: ['none', 'missing', 'missing_twice', 'feed', 'flag'] },
      every_s: count(60, 31_536_000),
      upload: closed(['types', 'max_bytes'], {
        types: listOf(shortText(100), { minItems: 1, maxItems: 20 }),
        max_bytes: count(1, 10_737_418_240),
        entry: shortText(200),
      }),
    },
    {
      if: { required: ['source'], properties: { source: { const: 'upload' } } },
      // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's word
      then: { required: ['upload'] },
    },
  ),
};
