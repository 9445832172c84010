#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { ConfigError, config } from './config.ts';

enableCompileCache();
try {
  config();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}

// Loaded only now: everything below reads the configuration while it loads.
const { startHost } = await import('./host.ts');
await startHost();
