import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

interface Node {
  type: string;
  [field: string]: unknown;
}
/** Where a sentence stands in the host's sources; its places are `{}`. */
export interface Sentence {
  file: string;
  text: string;
}

const root = join(import.meta.dirname, '../..');
/** What a call failed with, a finding, a line of a log: the verbs that make such sentences, and what they take. */
const verbs =
  /^(refused|note|wrong|bad|cannot|denied|conflict|Cancelled|BrokerError|TokenError|EgressError|Failure|refuseArchive)$/;
const properties = new Set(['message', 'fix', 'reason', 'sync_error_message', 'dropped']);
/** Saves reading the others: three files of four say nothing to people. */
const mayHoldSome =
  /\b(message|fix|reason|dropped)\b|\b(refused|note|wrong|bad|cannot|denied|conflict|refuseArchive|[A-Z]\w+Error)\(/;

/**
 * The sentences that sources write for people: every text that stands under a name which an answer shows (`message`, `fix`,
 * `reason` …), or that a verb takes which makes a failure of it. What a place holds is unknown here, and so is a sentence
 * that is put together over several statements.
 *
 * @param folders below the repository's root
 */
export function hostSentences(folders: readonly string[]): Sentence[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('metrics.ts') && !path.endsWith('schemas.ts'))
      .flatMap((path) => sentencesOf(join(folder, path))),
  );
}

function sentencesOf(file: string): Sentence[] {
  const source = readFileSync(join(root, file), 'utf8');
  if (!mayHoldSome.test(source)) return [];
  const found = new Set<string>();
  const walk = (node: unknown, isSaid: boolean): void => {
    if (Array.isArray(node)) for (const one of node) walk(one, isSaid);
    if (!isNode(node)) return;
    if (isText(node)) {
      // A single word is a name, and a line without a letter beside its places says nothing.
      if (isSaid) for (const text of variantsOf(node)) if (/[a-z]+ [a-z]+/i.test(text)) found.add(text);
      return;
    }
    for (const [field, child] of Object.entries(node)) walk(child, leadsToPeople(node, field, isSaid));
  };
  walk(parseSync(file, source, { lang: 'ts' }).program, false);
  return [...found].map((text) => ({ file, text }));
}

function leadsToPeople(node: Node, field: string, isSaid: boolean): boolean {
  if (node.type === 'Property') return field === 'value' && properties.has(nameOf(node.key as Node));
  if (field === 'arguments') {
    const callee = nameOf(node.callee as Node);
    // What is thrown for programmers, logged, or read by the host itself is nobody's sentence.
    return verbs.test(callee);
  }
  return isSaid && ['ConditionalExpression', 'LogicalExpression'].includes(node.type) && field !== 'test';
}

/** Every sentence that a text with conditions in it can come to. */
function variantsOf(node: Node): string[] {
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : ['{}'];
  if (node.type === 'ConditionalExpression')
    return [...variantsOf(node.consequent as Node), ...variantsOf(node.alternate as Node)];
  if (node.type === 'BinaryExpression')
    return variantsOf(node.left as Node).flatMap((left) => variantsOf(node.right as Node).map((right) => left + right));
  if (node.type !== 'TemplateLiteral') return ['{}'];
  const places = node.expressions as Node[];
  return (node.quasis as { value: { cooked: string } }[]).reduce<string[]>(
    (texts, { value }, at) => {
      const place = places[at];
      return texts.flatMap((text) => (place ? variantsOf(place) : ['']).map((shown) => text + value.cooked + shown));
    },
    [''],
  );
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const isText = ({ type, operator, value }: Node): boolean =>
  type === 'TemplateLiteral' ||
  (type === 'Literal' && typeof value === 'string') ||
  (type === 'BinaryExpression' && operator === '+');
const nameOf = (node: Node | undefined): string =>
  String(node?.name ?? node?.value ?? (node?.property as Node | undefined)?.name ?? '');
