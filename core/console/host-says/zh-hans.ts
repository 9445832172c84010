import { zhHans as access } from './access/zh-hans.ts';
import { zhHans as calls } from './calls/zh-hans.ts';
import { zhHans as integrations } from './integrations/zh-hans.ts';
import { zhHans as packages } from './packages/zh-hans.ts';
import { zhHans as plugins } from './plugins/zh-hans.ts';
import { zhHans as registry } from './registry/zh-hans.ts';
import { zhHans as review } from './review/zh-hans.ts';
import { zhHans as webhooks } from './webhooks/zh-hans.ts';

/** Sentences of the host, with what they say in simplified Chinese. `{word}` stands for whatever the host put there. */
export const zhHans: Readonly<Record<string, string>> = {
  ...access,
  ...calls,
  ...integrations,
  ...packages,
  ...plugins,
  ...registry,
  ...review,
  ...webhooks,
};
