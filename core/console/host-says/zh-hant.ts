import { zhHant as access } from './access/zh-hant.ts';
import { zhHant as calls } from './calls/zh-hant.ts';
import { zhHant as integrations } from './integrations/zh-hant.ts';
import { zhHant as packages } from './packages/zh-hant.ts';
import { zhHant as plugins } from './plugins/zh-hant.ts';
import { zhHant as registry } from './registry/zh-hant.ts';
import { zhHant as review } from './review/zh-hant.ts';
import { zhHant as webhooks } from './webhooks/zh-hant.ts';

/** Sentences of the host, with what they say in traditional Chinese. `{word}` stands for whatever the host put there. */
export const zhHant: Readonly<Record<string, string>> = {
  ...access,
  ...calls,
  ...integrations,
  ...packages,
  ...plugins,
  ...registry,
  ...review,
  ...webhooks,
};
