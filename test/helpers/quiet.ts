import { enableCompileCache } from 'node:module';

// Suites that use a noun directly log through the host's own log; only failures belong between the test results.
process.env.LOG_LEVEL ??= 'fatal';
// Every run loads the same few hundred files; under c8 the cache would make what it counts less exact.
if (!process.env.NODE_V8_COVERAGE) enableCompileCache();
