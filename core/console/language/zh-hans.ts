import { zhHans as account } from './account/zh-hans.ts';
import { zhHans as apiKeys } from './api-keys/zh-hans.ts';
import { zhHans as audit } from './audit/zh-hans.ts';
import { zhHans as authors } from './authors/zh-hans.ts';
import { zhHans as codes } from './codes/zh-hans.ts';
import type { Texts } from './en.ts';
import { zhHans as events } from './events/zh-hans.ts';
import { zhHans as guide } from './guide/zh-hans.ts';
import { zhHans as health } from './health/zh-hans.ts';
import { zhHans as integrations } from './integrations/zh-hans.ts';
import { zhHans as marketplace } from './marketplace/zh-hans.ts';
import { zhHans as members } from './members/zh-hans.ts';
import { zhHans as names } from './names/zh-hans.ts';
import { zhHans as people } from './people/zh-hans.ts';
import { zhHans as plugins } from './plugins/zh-hans.ts';
import { zhHans as reviewers } from './reviewers/zh-hans.ts';
import { zhHans as shared } from './shared/zh-hans.ts';
import { zhHans as usage } from './usage/zh-hans.ts';
import { zhHans as webhooks } from './webhooks/zh-hans.ts';

/** Simplified Chinese. */
export const zhHans: Texts = {
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
