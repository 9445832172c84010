import { type FailureName, failures, successes } from './failures.ts';
import { type Language, type Text, textIn } from './language.ts';
import type { ProblemName } from './problems.ts';

export type { FailureName } from './failures.ts';
export { failures } from './failures.ts';
export type { Language } from './language.ts';
export { pickLanguage } from './language.ts';

export interface FailureDetails {
  /** What happened here, more exactly than the name's own sentence; English, or one text per language. `{word}` is filled from `params`. */
  message?: Text;
  /** The `content` of the answer; it is shown to the caller. */
  content?: object;
  /** Seconds until another try makes sense; becomes `Retry-After`. */
  retry_after_s?: number;
  /** The entry of `problems` that explains it; linked from the answer. */
  help?: ProblemName;
  /** Values of the `{word}` places in `message`. */
  params?: Record<string, string | number>;
  /** What was caught; for the log only. */
  cause?: unknown;
}

/**
 * The one error class whose words may reach a caller. `name` is a key of `failures`, which gives it code and status.
 *
 * @example
 * throw new Failure('plugin_not_found', { message: 'There is no plugin "githbu"; did you mean "github"?' })
 */
export class Failure extends Error {
  override readonly name: FailureName;
  /** `F…`, as in `API.md` */
  readonly code: string;
  /** HTTP status */
  readonly status: number;
  readonly content: object;
  readonly retry_after_s: number | undefined;
  readonly help: ProblemName | undefined;
  readonly #text: Text | undefined;
  readonly #params: Record<string, string | number>;

  constructor(name: FailureName, details: FailureDetails = {}) {
    const params = details.params ?? {};
    super(
      fill(textIn(details.message ?? failures[name].messages, 'en'), params),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.name = name;
    this.code = failures[name].code;
    this.status = failures[name].status;
    this.content = details.content ?? {};
    this.retry_after_s = details.retry_after_s;
    this.help = details.help;
    this.#text = details.message;
    this.#params = params;
  }

  /** The sentence in a language. A detail that exists only in English follows the translated general sentence. */
  messageIn(language: Language): string {
    if (this.#text === undefined) return messageFor(this.name, language);
    if (language === 'en' || (typeof this.#text !== 'string' && this.#text[language])) {
      return fill(textIn(this.#text, language), this.#params);
    }
    return `${messageFor(this.name, language)}：${this.message}`;
  }
}

/** The general sentence of a failure, or of success (`ok`, `healthy`), in a language. */
export function messageFor(name: FailureName | keyof typeof successes, language: Language): string {
  return name === 'ok' || name === 'healthy' ? successes[name][language] : failures[name].messages[language];
}

function fill(text: string, params: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => String(params[word] ?? whole));
}
