// Suites that use a noun directly log through the host's own log; only failures belong between the test results.
process.env.LOG_LEVEL ??= 'fatal';
