import { zhHant as apiKeys } from './api-keys/zh-hant.ts';
import type { Texts } from './en.ts';
import { zhHant as events } from './events/zh-hant.ts';
import { zhHant as health } from './health/zh-hant.ts';
import { zhHant as integrations } from './integrations/zh-hant.ts';
import { zhHant as marketplace } from './marketplace/zh-hant.ts';
import { zhHant as people } from './people/zh-hant.ts';
import { zhHant as plugins } from './plugins/zh-hant.ts';
import { zhHant as shared } from './shared/zh-hant.ts';

/** Traditional Chinese. */
export const zhHant: Texts = {
  ...apiKeys,
  ...events,
  ...health,
  ...integrations,
  ...marketplace,
  ...people,
  ...plugins,
  ...shared,
};
