import type { Language } from './language.ts';
import { quote } from './quote.ts';

type Params = Record<string, unknown>;
type Sentence = (params: Params) => Record<Language, string>;

const three = (en: string, hans: string, hant: string) => ({ en, 'zh-Hans': hans, 'zh-Hant': hant });
const list = (value: unknown) =>
  [value]
    .flat()
    .slice(0, 20)
    .map((item) => quote(item))
    .join(', ');

/** What each rule of JSON Schema says to a person. Parameters are Ajv's, plus `seen` and `nearest` where they help. */
const sentences: Record<string, Sentence> = {
  type: ({ type, seen }) =>
    three(
      `must be ${article(type)}, not ${seen}`,
      `类型必须是 ${[type].flat().join(' | ')}，而不是 ${seen}`,
      `型別必須是 ${[type].flat().join(' | ')}，而不是 ${seen}`,
    ),
  required: () => three('is required', '不能缺少', '不能缺少'),
  additionalProperties: ({ nearest }) =>
    nearest
      ? three(
          `is not a known field; did you mean ${quote(nearest)}?`,
          `是未知字段；是否应为 ${quote(nearest)}？`,
          `是未知欄位；是否應為 ${quote(nearest)}？`,
        )
      : three('is not a known field', '是未知字段', '是未知欄位'),
  enum: ({ allowedValues, nearest }) => {
    const hint = nearest ? `; did you mean ${quote(nearest)}?` : '';
    return three(
      `must be one of ${list(allowedValues)}${hint}`,
      `必须是以下之一：${list(allowedValues)}`,
      `必須是以下之一：${list(allowedValues)}`,
    );
  },
  const: ({ allowedValue }) =>
    three(`must be ${quote(allowedValue)}`, `必须是 ${quote(allowedValue)}`, `必須是 ${quote(allowedValue)}`),
  minimum: ({ limit }) => three(`must be at least ${limit}`, `不能小于 ${limit}`, `不能小於 ${limit}`),
  maximum: ({ limit }) => three(`must be at most ${limit}`, `不能大于 ${limit}`, `不能大於 ${limit}`),
  exclusiveMinimum: ({ limit }) => three(`must be more than ${limit}`, `必须大于 ${limit}`, `必須大於 ${limit}`),
  exclusiveMaximum: ({ limit }) => three(`must be less than ${limit}`, `必须小于 ${limit}`, `必須小於 ${limit}`),
  multipleOf: ({ multipleOf }) =>
    three(`must be a multiple of ${multipleOf}`, `必须是 ${multipleOf} 的倍数`, `必須是 ${multipleOf} 的倍數`),
  minLength: ({ limit }) =>
    limit === 1
      ? three('must not be empty', '不能为空', '不能為空')
      : three(`must have at least ${limit} characters`, `至少需要 ${limit} 个字符`, `至少需要 ${limit} 個字元`),
  maxLength: ({ limit }) =>
    three(`must have at most ${limit} characters`, `最多 ${limit} 个字符`, `最多 ${limit} 個字元`),
  minItems: ({ limit }) => three(`must have at least ${limit} entries`, `至少需要 ${limit} 项`, `至少需要 ${limit} 項`),
  maxItems: ({ limit }) => three(`must have at most ${limit} entries`, `最多 ${limit} 项`, `最多 ${limit} 項`),
  uniqueItems: ({ i, j }) =>
    three(`entries ${j} and ${i} are the same`, `第 ${j} 项与第 ${i} 项重复`, `第 ${j} 項與第 ${i} 項重複`),
  minProperties: ({ limit }) =>
    three(`must have at least ${limit} fields`, `至少需要 ${limit} 个字段`, `至少需要 ${limit} 個欄位`),
  maxProperties: ({ limit }) =>
    three(`must have at most ${limit} fields`, `最多 ${limit} 个字段`, `最多 ${limit} 個欄位`),
  pattern: ({ pattern }) =>
    three(`must match the pattern ${quote(pattern)}`, `必须匹配 ${quote(pattern)}`, `必須符合 ${quote(pattern)}`),
  format: ({ format }) => three(`must be a valid ${format}`, `必须是有效的 ${format}`, `必須是有效的 ${format}`),
  propertyNames: () => three('is a name that is not allowed', '名称不合法', '名稱不合法'),
  dependentRequired: ({ missingProperty, property }) =>
    three(
      `needs ${quote(missingProperty)} beside ${quote(property)}`,
      `有 ${quote(property)} 时必须有 ${quote(missingProperty)}`,
      `有 ${quote(property)} 時必須有 ${quote(missingProperty)}`,
    ),
  discriminator: ({ tag, tagValue }) =>
    three(
      `has ${quote(tag)} ${tagValue === undefined ? 'missing' : quote(tagValue)}, which is none of the known kinds`,
      `${quote(tag)} 不是已知的种类`,
      `${quote(tag)} 不是已知的種類`,
    ),
  anyOf: () => three('fits none of the allowed forms', '不符合任何允许的形式', '不符合任何允許的形式'),
  oneOf: ({ passingSchemas }) =>
    passingSchemas
      ? three('fits more than one of the allowed forms', '符合多于一种形式', '符合多於一種形式')
      : three('fits none of the allowed forms', '不符合任何允许的形式', '不符合任何允許的形式'),
  not: () => three('has a form that is not allowed', '形式不被允许', '形式不被允許'),
  'false schema': () => three('is not allowed here', '此处不允许', '此處不允許'),
};

/** The sentence of one broken rule, to stand after the field's pointer. `keyword` and `params` as in a check's errors. */
export function sentenceFor(keyword: string, params: Params, language: Language): string {
  return (
    sentences[keyword] ?? (() => three(`breaks the rule ${keyword}`, `违反规则 ${keyword}`, `違反規則 ${keyword}`))
  )(params)[language];
}

function article(type: unknown): string {
  return [type]
    .flat()
    .map((name) => (name === 'null' ? 'null' : `${/^[aeiou]/.test(String(name)) ? 'an' : 'a'} ${name}`))
    .join(' or ');
}
