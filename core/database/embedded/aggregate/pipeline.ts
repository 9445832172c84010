import { CommandError, cut, unsupported } from '../errors.ts';
import { compileFilter } from '../query/match.ts';
import { parseSort, sortBy } from '../query/sort.ts';
import { compileShape } from '../update/pipeline.ts';
import { compare } from '../values/compare.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import { toInteger } from '../values/types.ts';
import { densify } from './densify.ts';
import { fill } from './fill.ts';
import { bucket, bucketAuto, group } from './group.ts';
import { graphLookup, lookup, unionWith } from './join.ts';
import { redact } from './redact.ts';
import { REFUSED_STAGES } from './refused.ts';
import { type Environment, each, type Stage, whole } from './stage.ts';
import { unwind } from './unwind.ts';
import { setWindowFields } from './windows/set-window-fields.ts';

type Make = (spec: Value, environment: Environment) => Stage;

/** Stages that make one document of one document. */
const SHAPES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

const limit: Make = (spec) => {
  const count = toInteger(spec, 'invalid argument to $limit stage: the limit', 2107201);
  if (count < 0) throw new CommandError(2107201, 'invalid argument to $limit stage: Expected a non-negative number');
  if (count === 0) throw new CommandError(15958, 'the limit must be positive');
  let left = count;
  return {
    push: (documents) => {
      const taken = documents.slice(0, left);
      left -= taken.length;
      return taken;
    },
    done: () => left === 0,
  };
};

const skip: Make = (spec) => {
  let left = toInteger(spec, 'invalid argument to $skip stage: the number', 5107200);
  if (left < 0) throw new CommandError(5107200, 'invalid argument to $skip stage: Expected a non-negative number');
  return {
    push: (documents) => {
      const skipped = Math.min(left, documents.length);
      left -= skipped;
      return documents.slice(skipped);
    },
  };
};

const count: Make = (spec) => {
  if (typeof spec !== 'string') throw new CommandError(40156, 'the count field must be a non-empty string');
  if (spec === '') throw new CommandError(40157, 'the count field must be a non-empty string');
  if (spec.startsWith('$')) throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (spec.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  let total = 0;
  return {
    push: (documents) => {
      total += documents.length;
      return [];
    },
    end: () => (total ? [{ [spec]: total }] : []),
  };
};

const facet: Make = (spec, environment) => {
  if (!isDocument(spec) || Object.keys(spec).length === 0)
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  const pipelines = Object.entries(spec).map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw new CommandError(40170, `arguments to $facet must be arrays, ${cut(name)} is not`);
    const bad = pipeline.find(
      (stage) =>
        isDocument(stage) &&
        ['$facet', '$out', '$merge', '$indexStats', '$collStats'].includes(Object.keys(stage)[0] ?? ''),
    );
    if (bad) throw new CommandError(40600, `${Object.keys(bad)[0]} is not allowed to be used within a $facet stage`);
    return [name, pipeline] as const;
  });
  return whole((documents) => [
    Object.fromEntries(
      pipelines.map(([name, pipeline]) => [name, runPipeline([documents], pipeline, { ...environment, nested: true })]),
    ),
  ]);
};

const sample: Make = (spec) => {
  if (!isDocument(spec)) throw new CommandError(28745, 'the $sample stage specification must be an object');
  const unknown = Object.keys(spec).find((option) => option !== 'size');
  if (unknown !== undefined) throw new CommandError(28748, `unrecognized option to $sample: ${cut(unknown)}`);
  if (spec.size === undefined) throw new CommandError(28749, '$sample stage must specify a size');
  const size = toInteger(spec.size, 'size argument to $sample', 28746);
  if (size <= 0) throw new CommandError(28747, 'size argument to $sample must be a positive integer');
  return whole((documents) => {
    for (let i = documents.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [documents[i], documents[j]] = [documents[j] as Document, documents[i] as Document];
    }
    return documents.slice(0, size);
  });
};

/** The stages that this engine has, besides those of `SHAPES` and the ones that only begin or end a pipeline. */
const STAGES: Readonly<Record<string, Make>> = {
  $match: (spec, { context }) => {
    if (!isDocument(spec)) throw new CommandError(15959, 'the match filter must be an expression in an object');
    const predicate = compileFilter(spec, context);
    return { push: (documents) => documents.filter((document) => predicate(document)) };
  },
  $sort: (spec, { context }) => {
    if (!isDocument(spec)) throw new CommandError(15973, 'the $sort key specification must be an object');
    if (Object.keys(spec).length === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
    const fields = parseSort(spec);
    return whole((documents) => sortBy(documents, (document) => document, fields, context.strings));
  },
  $limit: limit,
  $skip: skip,
  $count: count,
  $group: group,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
  $sortByCount: (spec, environment) => {
    const counted = group({ _id: spec, count: { $sum: 1 } }, environment);
    return { ...counted, end: () => (counted.end?.() ?? []).sort((a, b) => compare(b.count, a.count)) };
  },
  $unwind: (spec) => each(unwind(spec)),
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet,
  $sample: sample,
  $redact: redact,
  $setWindowFields: setWindowFields,
  $densify: densify,
  $fill: fill,
};

/** Stages that only stand first or last, and are done by the `aggregate` command. */
export const EDGE_STAGES = ['$out', '$merge', '$documents', '$collStats', '$indexStats', '$changeStream', '$geoNear'];

/** Every stage that this engine has. */
export const STAGE_NAMES = [
  ...Object.keys(STAGES),
  ...SHAPES,
  '$out',
  '$merge',
  '$documents',
  '$collStats',
  '$indexStats',
  '$changeStream',
];

/**
 * Compiles the stages of a pipeline (manual: reference/operator/aggregation-pipeline).
 * @throws CommandError 40324 for an unknown stage, 238 for one that this engine does not have
 */
export function compilePipeline(pipeline: Value[], environment: Environment): Stage[] {
  return pipeline.map((stage) => {
    if (!isDocument(stage) || Object.keys(stage).length !== 1) {
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    }
    const [name, spec] = Object.entries(stage)[0] as [string, Value];
    const shape = SHAPES.includes(name) ? compileShape(name, spec, environment.context) : undefined;
    if (shape) return each(shape);
    const make = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    if (make) return make(spec, environment);
    if (REFUSED_STAGES.includes(name)) throw unsupported(`The pipeline stage ${name}`);
    if (name === '$out' || name === '$merge') {
      if (environment.nested) throw new CommandError(51047, `${name} is not allowed within a nested pipeline`);
      throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
    }
    if (EDGE_STAGES.includes(name))
      throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline`);
    throw new CommandError(40324, `Unrecognized pipeline stage name: '${cut(name)}'`);
  });
}

/** Sends chunks of documents through stages; gives chunks, some of them empty. */
export function* flow(source: Iterable<Document[]>, stages: Stage[]): Generator<Document[]> {
  for (const chunk of source) {
    yield through(chunk, stages, 0);
    if (stages.some((stage) => stage.done?.())) break;
  }
  for (const [i, stage] of stages.entries()) {
    if (stage.end) yield through(stage.end(), stages, i + 1);
  }
}

function through(documents: Document[], stages: Stage[], from: number): Document[] {
  return stages.slice(from).reduce((chunk, stage) => stage.push(chunk), documents);
}

/** Runs a whole pipeline at once. */
export function runPipeline(source: Iterable<Document[]>, pipeline: Value[], environment: Environment): Document[] {
  return [...flow(source, compilePipeline(pipeline, environment))].flat();
}
