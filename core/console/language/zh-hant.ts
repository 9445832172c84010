import { zhHant as account } from './account/zh-hant.ts';
import { zhHant as apiKeys } from './api-keys/zh-hant.ts';
import { zhHant as audit } from './audit/zh-hant.ts';
import { zhHant as authors } from './authors/zh-hant.ts';
import { zhHant as codes } from './codes/zh-hant.ts';
import type { Texts } from './en.ts';
import { zhHant as events } from './events/zh-hant.ts';
import { zhHant as guide } from './guide/zh-hant.ts';
import { zhHant as health } from './health/zh-hant.ts';
import { zhHant as integrations } from './integrations/zh-hant.ts';
import { zhHant as marketplace } from './marketplace/zh-hant.ts';
import { zhHant as members } from './members/zh-hant.ts';
import { zhHant as names } from './names/zh-hant.ts';
import { zhHant as people } from './people/zh-hant.ts';
import { zhHant as plugins } from './plugins/zh-hant.ts';
import { zhHant as reviewers } from './reviewers/zh-hant.ts';
import { zhHant as shared } from './shared/zh-hant.ts';
import { zhHant as usage } from './usage/zh-hant.ts';
import { zhHant as webhooks } from './webhooks/zh-hant.ts';

/** Traditional Chinese. */
export const zhHant: Texts = {
  ...account,
  ...apiKeys,
  ...webhooks,
  ...names,
  ...usage,
  ...reviewers,
  ...members,
  ...guide,
  ...authors,
  ...audit,
  ...codes,
  ...events,
  ...health,
  ...integrations,
  ...marketplace,
  ...people,
  ...plugins,
  ...shared,
};
