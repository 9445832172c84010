import { setSiteRoles, siteRoles, siteRolesOf } from '../access/site-roles.ts';
import type { SiteRole } from '../http/caller.ts';
import { joinDatabase } from './join-database.ts';
import { tellFailure, tellUsage } from './usage.ts';

const usage = `patchbay-host site-role <email> [none | operator | reviewer | operator,reviewer]

Tells which roles an account has on the whole site, or gives it these and takes the others away. A reviewer verifies and
rejects releases and blocks packages; an operator may that and changes the site's policy. Running hosts know at once.
`;

/** The host command: who is an operator or a reviewer of the site. */
export async function run(args: string[]): Promise<number> {
  const [email = '', wanted, ...more] = args;
  const roles = wanted === undefined ? null : readRoles(wanted);
  if (!/^[^@\s]+@[^@\s]+$/.test(email) || roles === undefined || more.length > 0) return tellUsage(usage, args);
  const database = await joinDatabase();
  try {
    if (roles) await setSiteRoles(email, roles);
    process.stdout.write(`${email}: ${(roles ?? (await siteRolesOf(email))).join(', ') || 'none'}\n`);
    return 0;
  } catch (error) {
    return tellFailure(error);
  } finally {
    await database.close();
  }
}

/** The roles in a comma-separated list; undefined when one of them is none. */
function readRoles(text: string): SiteRole[] | undefined {
  if (text === 'none') return [];
  const words = text.split(',');
  if (words.some((word) => !(siteRoles as readonly string[]).includes(word))) return undefined;
  return siteRoles.filter((role) => words.includes(role));
}
