import { type Finding, matchesOf, type TextFile } from './finding.ts';

/** Characters that turn the direction of text: code that reads differently than it runs (CVE-2021-42574, "Trojan Source"). */
const direction = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;
/** Characters that nobody sees. */
const invisible =
  /\u034f|[\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]|\u200d|\ufe0f|[\u{e0000}-\u{e0fff}]|[\u{1d173}-\u{1d17a}]/gu;
/** Words with a letter of a script whose letters look like Latin ones; at most 80 characters, so that no word is long to read. */
const foreign = /(?<![\p{L}\p{N}_$])[\p{L}\p{N}_$]{0,80}?[\p{Script=Cyrillic}\p{Script=Greek}][\p{L}\p{N}_$]{0,80}/gu;

/** Text that shows something else than it is. */
export function findHiddenText(files: readonly TextFile[]): Finding[] {
  return files
    .filter(({ path }) => path !== 'plugin.js.map')
    .flatMap((file) => [
      ...matchesOf(file.text, direction).map((match) =>
        finding(file, match, 'hidden-direction', 'changes the direction of the text'),
      ),
      ...matchesOf(file.text, invisible)
        .filter((match) => !isPartOfEmoji(file.text, match) && !(match.index === 0 && match[0] === '\ufeff'))
        .map((match) => finding(file, match, 'hidden-character', 'cannot be seen')),
      ...(file.path === 'plugin.js'
        ? matchesOf(file.text, foreign)
            .filter(([word]) => /[A-Za-z]/.test(word))
            .map((match) => lookAlike(file, match))
        : []),
    ])
    .slice(0, 100);
}

function finding(file: TextFile, match: RegExpExecArray, rule: string, what: string): Finding {
  const code = match[0].codePointAt(0)?.toString(16).padStart(4, '0');
  return {
    rule,
    severity: /\.(md|txt)$|^LICENSE$/.test(file.path) && rule === 'hidden-character' ? 'warning' : 'error',
    ...file.place(match.index),
    message: `The character U+${code?.toUpperCase()} ${what}`,
    fix: `remove it, or write it as "\\u{${code}}" where a text needs it`,
  };
}

function lookAlike(file: TextFile, match: RegExpExecArray): Finding {
  return {
    rule: 'look-alike',
    severity: 'warning',
    ...file.place(match.index),
    message: `${JSON.stringify(match[0].slice(0, 40))} mixes letters of several scripts that look the same`,
    fix: 'write names in one script',
  };
}

/** U+200D and U+FE0F join emoji; between and behind pictographs they are seen. */
function isPartOfEmoji(text: string, { 0: character, index }: RegExpExecArray): boolean {
  if (character !== '\u200d' && character !== '\ufe0f') return false;
  return /(?:\p{Extended_Pictographic}|\p{Emoji}|\ufe0f)$/u.test(text.slice(Math.max(0, index - 4), index));
}
