/** The code names that MongoDB gives to the codes used here (its `error_codes.yml`). */
export const CODE_NAMES = {
  1: 'InternalError',
  2: 'BadValue',
  5: 'GraphContainsCycle',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  16: 'InvalidLength',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  22: 'InvalidBSON',
  24: 'LockTimeout',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  31: 'RoleNotFound',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  47: 'NoMatchingDocument',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  57: 'DottedFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  121: 'DocumentValidationFailure',
  161: 'IncompatibleCollationVersion',
  166: 'CommandNotSupportedOnView',
  167: 'OptionNotSupportedOnView',
  175: 'QueryPlanKilled',
  181: 'AmbiguousIndexKeyPattern',
  197: 'InvalidIndexSpecificationOption',
  211: 'KeyNotFound',
  225: 'TransactionTooOld',
  237: 'CursorKilled',
  238: 'NotImplemented',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  260: 'InvalidResumeToken',
  263: 'OperationNotSupportedInTransaction',
  280: 'ChangeStreamFatalError',
  286: 'ChangeStreamHistoryLost',
  292: 'QueryExceededMemoryLimitNoDiskUseAllowed',
  322: 'APIVersionError',
  323: 'APIStrictError',
  352: 'UnsupportedOpQueryCommand',
  8000: 'AtlasError',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  13297: 'DatabaseDifferCase',
  11600: 'InterruptedAtShutdown',
  14031: 'OutOfDiskSpace',
  17280: 'KeyTooLong',
} as const;

/**
 * What a command fails with: the code, message, labels and further fields of MongoDB's error reply.
 * Codes over 10000 that have no name are reported as `Location<code>`, as MongoDB does.
 */
export class CommandError extends Error {
  readonly code: number;
  readonly labels: string[];
  readonly fields: Record<string, unknown>;

  constructor(code: number, message: string, options: { labels?: string[]; fields?: Record<string, unknown> } = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.labels = options.labels ?? [];
    this.fields = options.fields ?? {};
  }

  get codeName(): string {
    return CODE_NAMES[this.code as keyof typeof CODE_NAMES] ?? `Location${this.code}`;
  }
}

/** A refusal of something that MongoDB can do and this engine cannot. */
export function unsupported(what: string): CommandError {
  // Search indexes are no part of MongoDB's own servers either.
  const server = /\bsearch|SearchI|vectorSearch/.test(what) ? 'cluster of MongoDB Atlas' : 'MongoDB replica set';
  return new CommandError(
    238,
    `${what} is not supported by the embedded database; set MONGODB_URI to a ${server} to use it`,
  );
}

/** Cuts a text from outside so that it can stand in a message. */
export function cut(text: unknown, length = 120): string {
  const string = typeof text === 'string' ? text : String(text);
  return string.length > length ? `${string.slice(0, length)}…` : string;
}
