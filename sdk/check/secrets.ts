import { type Finding, matchesOf, type TextFile } from './finding.ts';

/** Forms that only true secrets have; each vendor chose its prefix so that a scan finds it. */
const forms: [string, RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[\s\\nr]+[A-Za-z0-9+/]{40}/g],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90})\b/g],
  ['a GitLab token', /\bglpat-[A-Za-z0-9_-]{20}\b/g],
  ['a Slack token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/g],
  ['a Slack webhook', /hooks\.slack\.com\/services\/T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{20,30}/g],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{20,100}\b/g],
  ['a Google API key', /\bAIza[A-Za-z0-9_-]{35}\b/g],
  ['a Google OAuth secret', /\bGOCSPX-[A-Za-z0-9_-]{28}\b/g],
  ['a SendGrid key', /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a Shopify token', /\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b/g],
  ['an Atlassian token', /\bATATT3[A-Za-z0-9_=-]{50,250}/g],
  ['a Patchbay key', /\bpb_live_[A-Za-z0-9_-]{16,100}\b/g],
  ['a signed token (JWT)', /\beyJ[A-Za-z0-9_-]{10,150}\.eyJ[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{20,1000}\b/g],
  [
    'a password in an address',
    /\b[a-z][a-z0-9+]{1,10}:\/\/[A-Za-z0-9._-]{1,60}:[^\s@/"'`${}<>]{6,100}@[A-Za-z0-9.-]{3,100}/g,
  ],
];

const assigned =
  /(?:password|passwd|secret|api_?key|access_?token|auth_?token|private_?key)["']?\s{0,3}[:=]\s{0,3}["'`]([A-Za-z0-9+/_=-]{20,200})["'`]/gi;

/** Secrets that were packed by mistake. What a package holds is public for ever, so a certain one is an error. */
export function findSecrets(files: readonly TextFile[]): Finding[] {
  return files.flatMap((file) => [...certain(file), ...likely(file)]);
}

function certain(file: TextFile): Finding[] {
  return forms.flatMap(([what, form]) =>
    matchesOf(file.text, form)
      .filter(([seen]) => what.startsWith('a private key') || !isPlaceholder(seen))
      .map((match) => ({
        rule: 'secret',
        severity: 'error' as const,
        ...file.place(match.index),
        message: `This looks like ${what}: ${match[0].slice(0, 8)}…`,
        fix: 'revoke it at the vendor, remove it, and let people enter it as a field with "format": "secret"',
      })),
  );
}

/** A random-looking text given to something that is called a secret. */
function likely(file: TextFile): Finding[] {
  return matchesOf(file.text, assigned)
    .filter(([, value = '']) => entropy(value) > 3.8 && /[0-9]/.test(value) && !isPlaceholder(value))
    .map((match) => ({
      rule: 'secret-like',
      severity: 'warning' as const,
      ...file.place(match.index),
      message: 'A random-looking text is given to something called a secret',
      fix: 'if it is one, revoke and remove it; else rename the field',
    }));
}

/** Made-up examples repeat themselves or say so. */
function isPlaceholder(text: string): boolean {
  return (
    /x{6}|0{8}|\*{4}|\.{3}|(.)\1{7}|example|placeholder|your[_-]|changeme|1234567890|abcdefghij/i.test(text) ||
    entropy(text) < 2.5
  );
}

/** Bits a character (Shannon). */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
