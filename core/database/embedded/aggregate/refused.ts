/** Expressions that MongoDB has and this engine refuses with code 238. */
export const REFUSED_EXPRESSIONS = ['$function', '$meta', '$toHashedIndexKey', '$encStrStartsWith', '$toUUID'];

/** Stages that MongoDB has and this engine refuses with code 238. */
export const REFUSED_STAGES = [
  '$geoNear',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$listSearchIndexes',
  '$changeStreamSplitLargeEvent',
  '$planCacheStats',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$shardedDataDistribution',
  '$querySettings',
  '$queryStats',
];

/** Accumulators that MongoDB has and this engine refuses with code 238. */
export const REFUSED_ACCUMULATORS = ['$accumulator'];
