/** The parts of GitHub's answers that this plugin reads. */
export interface Person {
  login: string;
}
export interface VendorRepository {
  id: number;
  name: string;
  full_name: string;
  html_url: string;
  clone_url: string;
  description: string | null;
  visibility?: string;
  private: boolean;
  default_branch: string;
  archived: boolean;
  language: string | null;
  created_at: string;
  updated_at: string;
  pushed_at: string | null;
}
export interface VendorIssue {
  id: number;
  number: number;
  title: string;
  body?: string | null;
  state: string;
  state_reason?: string | null;
  html_url: string;
  user: Person | null;
  /** absent from some of GitHub's webhooks */
  labels?: (string | { name?: string })[];
  assignees?: Person[] | null;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  /** there only when the issue is a pull request's other face */
  pull_request?: object;
}
export interface VendorPullRequest extends Omit<VendorIssue, 'state_reason' | 'pull_request'> {
  draft?: boolean;
  merged_at: string | null;
  requested_reviewers?: Person[] | null;
  head: { ref: string; sha: string };
  base: { ref: string; repo?: { id: number } };
}

/** The names of labels, which GitHub gives as texts or as objects. */
export function labelNames(labels: VendorIssue['labels']): string[] {
  return (labels ?? []).map((label) => (typeof label === 'string' ? label : (label.name ?? ''))).filter(Boolean);
}

/** The logins of people. */
export function logins(people: Person[] | null | undefined): string[] {
  return (people ?? []).map((person) => person.login);
}
