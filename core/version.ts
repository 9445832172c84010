import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const about = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string };

/** The version of this host; plugins' `engines.patchbay` is held against it. */
export const version = about.version;
