import { en as account } from './account/en.ts';
import { en as apiKeys } from './api-keys/en.ts';
import { en as audit } from './audit/en.ts';
import { en as authors } from './authors/en.ts';
import { en as codes } from './codes/en.ts';
import { en as events } from './events/en.ts';
import { en as guide } from './guide/en.ts';
import { en as health } from './health/en.ts';
import { en as integrations } from './integrations/en.ts';
import { en as marketplace } from './marketplace/en.ts';
import { en as members } from './members/en.ts';
import { en as names } from './names/en.ts';
import { en as people } from './people/en.ts';
import { en as plugins } from './plugins/en.ts';
import { en as reviewers } from './reviewers/en.ts';
import { en as shared } from './shared/en.ts';
import { en as usage } from './usage/en.ts';
import { en as webhooks } from './webhooks/en.ts';

/** Every text of the console, in a folder per area. `{word}` is a place; the other languages have the same names and places. */
export const en = {
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

export type TextName = keyof typeof en;
export type Texts = Record<TextName, string>;
