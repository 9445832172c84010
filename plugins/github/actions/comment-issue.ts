import { ask, type GitHub, repositoryPath } from '../github.ts';

export const commentIssue: GitHub['actions']['comment_issue'] = async (ctx, { repository, number, body }) => {
  const path = `${repositoryPath(repository)}/issues/${number}/comments`;
  const made = await ask<{ id: number | string; html_url: string }>(ctx, path, { method: 'POST', body: { body } });
  return { id: String(made.body.id), url: made.body.html_url };
};
