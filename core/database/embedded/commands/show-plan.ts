import type { Plan } from '../query/plan.ts';
import type { Document } from '../values/document.ts';
import type { Work } from './explained-work.ts';

/** The stages of a plan, the last one outermost. */
export function stagesOf(name: string, { query, projection, write }: Work, plan: Plan | undefined): Document {
  const { sort, skip = 0, limit = 0 } = query;
  let stage = plan ? scanStage(plan) : { stage: 'EOF' };
  const around = (outer: string, fields: Document = {}) => {
    stage = { stage: outer, ...fields, inputStage: stage };
  };
  const sorted = !sort || Object.keys(sort).length === 0 || (plan?.kind === 'index' && plan.sorted);
  if (plan && !sorted && !('$natural' in sort))
    around('SORT', { sortPattern: sort, ...(limit && { limitAmount: limit + skip }) });
  if (skip) around('SKIP', { skipAmount: skip });
  if (limit && !write) around('LIMIT', { limitAmount: limit });
  if (write) around(write);
  if (projection && Object.keys(projection).length) around('PROJECTION_DEFAULT', { transformBy: projection });
  if (name === 'count') around('COUNT');
  return stage;
}

function scanStage(plan: Plan): Document {
  if (plan.kind === 'rows') return { stage: 'COLLSCAN', direction: plan.reverse ? 'backward' : 'forward' };
  if (plan.kind === 'union')
    return { stage: 'SUBPLAN', inputStage: { stage: 'OR', inputStages: plan.plans.map(scanStage) } };
  const { index, reverse } = plan;
  return {
    stage: 'FETCH',
    inputStage: {
      stage: 'IXSCAN',
      keyPattern: index.spec.key,
      indexName: index.name,
      ...(index.collated && { collation: index.spec.collation }),
      isMultiKey: index.multikey,
      isUnique: index.unique,
      isSparse: index.sparse,
      isPartial: index.partial !== undefined,
      direction: reverse ? 'backward' : 'forward',
    },
  };
}
