#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { start } from './start.ts';

enableCompileCache();
await start();
