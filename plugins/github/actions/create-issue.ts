import { ask, type GitHub, repositoryPath } from '../github.ts';
import type { VendorIssue } from '../vendor.ts';
import { shownIssue } from './shown-issue.ts';

export const createIssue: GitHub['actions']['create_issue'] = async (ctx, { repository, ...fields }) => {
  const path = `${repositoryPath(repository)}/issues`;
  const { body } = await ask<VendorIssue>(ctx, path, { method: 'POST', body: fields });
  ctx.log.info('created an issue', { repository, number: body.number });
  return shownIssue(body);
};
