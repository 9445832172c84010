// Writes .env.example from the table in core/config.ts.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envExample } from '../core/config.ts';

writeFileSync(join(import.meta.dirname, '../.env.example'), envExample());
