import type { Language } from './language.ts';
import { quote } from './quote.ts';
import { formatWord, typeWord } from './type-words.ts';

type Params = Record<string, unknown>;
type Sentence = (params: Params) => Record<Language, string>;

const three = (en: string, hans: string, hant: string) => ({ en, 'zh-Hans': hans, 'zh-Hant': hant });
const languages = ['en', 'zh-Hans', 'zh-Hant'] as const;
const inEach = (say: (language: Language) => string): Record<Language, string> => {
  const [en, hans, hant] = languages.map(say) as [string, string, string];
  return three(en, hans, hant);
};

const shown = 20;
const list = (value: unknown, language: Language) => {
  const all = [value].flat();
  const more = { en: ', …', 'zh-Hans': '等', 'zh-Hant': '等' }[language];
  const texts = all.slice(0, shown).map((item) => quote(item));
  return texts.join(language === 'en' ? ', ' : '、') + (all.length > shown ? more : '');
};
const counted = (count: unknown, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);
const such = (example: unknown) =>
  example === undefined
    ? three('', '', '')
    : three(`, such as ${quote(example)}`, `，例如 ${quote(example)}`, `，例如 ${quote(example)}`);

/** What each rule of JSON Schema says to a person. Parameters are Ajv's, plus `seen` and `nearest` where they help. */
const sentences: Record<string, Sentence> = {
  type: ({ type, seen }) => mustBe([type].flat(), [], seen),
  required: () => three('is required', '为必填项', '為必填項目'),
  additionalProperties: ({ nearest }) =>
    nearest
      ? three(
          `is not a known field; did you mean ${quote(nearest)}?`,
          `不是已知的字段；您是否想写 ${quote(nearest)}？`,
          `不是已知的欄位；您是否想寫 ${quote(nearest)}？`,
        )
      : three('is not a known field', '不是已知的字段', '不是已知的欄位'),
  enum: ({ allowedValues, nearest }) => {
    const hint = nearest
      ? three(
          `; did you mean ${quote(nearest)}?`,
          `；您是否想写 ${quote(nearest)}？`,
          `；您是否想寫 ${quote(nearest)}？`,
        )
      : three('', '', '');
    const lead = three('must be one of ', '必须是以下值之一：', '必須是以下值之一：');
    return inEach((language) => lead[language] + list(allowedValues, language) + hint[language]);
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
    three(
      `must have at most ${counted(limit, 'character', 'characters')}`,
      `最多只能有 ${limit} 个字符`,
      `最多只能有 ${limit} 個字元`,
    ),
  minItems: ({ limit }) =>
    three(`must have at least ${counted(limit, 'entry', 'entries')}`, `至少需要 ${limit} 项`, `至少需要 ${limit} 項`),
  maxItems: ({ limit }) =>
    three(
      `must have at most ${counted(limit, 'entry', 'entries')}`,
      `最多只能有 ${limit} 项`,
      `最多只能有 ${limit} 項`,
    ),
  uniqueItems: ({ i, j }) =>
    three(`entries ${j} and ${i} are the same`, `第 ${j} 项与第 ${i} 项重复`, `第 ${j} 項與第 ${i} 項重複`),
  minProperties: ({ limit }) =>
    three(
      `must have at least ${counted(limit, 'field', 'fields')}`,
      `至少需要 ${limit} 个字段`,
      `至少需要 ${limit} 個欄位`,
    ),
  maxProperties: ({ limit }) =>
    three(
      `must have at most ${counted(limit, 'field', 'fields')}`,
      `最多只能有 ${limit} 个字段`,
      `最多只能有 ${limit} 個欄位`,
    ),
  pattern: ({ pattern, example }) => {
    const lead = three(
      `must match the pattern ${quote(pattern)}`,
      `必须符合格式 ${quote(pattern)}`,
      `必須符合格式 ${quote(pattern)}`,
    );
    return inEach((language) => lead[language] + such(example)[language]);
  },
  format: ({ format, example }) =>
    inEach((language) => {
      const { name, example: usual } = formatWord(format, language);
      const lead = { en: 'must be a valid ', 'zh-Hans': '必须是有效的', 'zh-Hant': '必須是有效的' }[language];
      return lead + name + such(example ?? usual)[language];
    }),
  masked: () =>
    three(
      'reads "••••", which keeps a secret that was set before; none was, so write the secret itself',
      '填写的是“••••”，它表示保留原有密钥；但此前并未设置，请填写密钥本身',
      '填寫的是「••••」，它表示保留原有金鑰；但此前並未設定，請填寫金鑰本身',
    ),
  bytes: ({ limit }) =>
    three(
      `must be at most ${limit} bytes as JSON; shorten or remove values`,
      `以 JSON 表示不能超过 ${limit} 字节；请缩短或删除部分内容`,
      `以 JSON 表示不能超過 ${limit} 位元組；請縮短或刪除部分內容`,
    ),
  budget: () =>
    three(
      'is too much to check against the rules of this plugin; send less, or shorter texts',
      '内容过多，无法按此插件的规则完成检查；请减少数据或缩短文本',
      '內容過多，無法按此外掛的規則完成檢查；請減少資料或縮短文字',
    ),
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
  anyOf: (params) => noForm(params),
  oneOf: (params) => {
    const passing = (params.passingSchemas as number[] | undefined)?.map((place) => place + 1);
    if (!passing) return noForm(params);
    const places = (between: string) => passing.slice(0, 5).join(between);
    return three(
      `fits more than one of the allowed forms (${places(', ')}); give only what belongs to one of them`,
      `同时符合多种形式（第 ${places('、')} 种）；请只保留其中一种形式的内容`,
      `同時符合多種形式（第 ${places('、')} 種）；請只保留其中一種形式的內容`,
    );
  },
  not: () => three('has a form that is not allowed', '形式不被允许', '形式不被允許'),
  'false schema': () => three('is not allowed here', '此处不允许', '此處不允許'),
};

/** The sentence of one broken rule, to stand after the field's pointer. `keyword` and `params` as in a check's errors. */
export function sentenceFor(keyword: string, params: Params, language: Language): string {
  return (
    sentences[keyword] ?? (() => three(`breaks the rule ${keyword}`, `违反规则 ${keyword}`, `違反規則 ${keyword}`))
  )(params)[language];
}

/** Of what types, or which values, it must be; `seen` is the type that it has. */
function mustBe(types: unknown[], values: unknown[], seen: unknown): Record<Language, string> {
  if (types.length === 0 && values.length > 3) return (sentences.enum as Sentence)({ allowedValues: values });
  return inEach((language) => {
    const words = [
      ...values.slice(0, shown).map((value) => quote(value)),
      ...types.map((type) => typeWord(type, language)),
    ];
    if (language === 'en') {
      const not = types.length > 0 ? `, not ${seen}` : '';
      return `must be ${joined(words, ', ', ' or ')}${not}`;
    }
    const must = language === 'zh-Hans' ? '必须是' : '必須是';
    const not = types.length > 0 ? `，而不是${typeWord(seen === 'number' ? 'fraction' : seen, language)}` : '';
    return `${must}${values.length > 0 ? ' ' : ''}${joined(words, '、', '或')}${not}`;
  });
}

function joined(words: string[], comma: string, or: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(comma)}${or}${words.at(-1)}`;
}

interface Form {
  pointer: string;
  keyword: string;
  params: Params;
}

/** Why a value fits no form: the types and values that are taken, or what each form that comes near still lacks. */
function noForm({ types, values, seen, forms }: Params): Record<Language, string> {
  if (Array.isArray(types) && Array.isArray(values) && types.length + values.length > 0) {
    return mustBe(types, values, seen);
  }
  const plain = three('fits none of the allowed forms', '不符合任何一种允许的形式', '不符合任何一種允許的形式');
  if (!Array.isArray(forms)) return plain;
  return inEach((language) => {
    const said = (forms as Form[][]).slice(0, 5).map((form) => sayForm(form, language));
    if (language === 'en') return `${plain.en}: ${said.join(', or ')}`;
    return `${plain[language]}：${said.join('；或 ')}`;
  });
}

function sayForm(form: Form[], language: Language): string {
  const said = form.map(({ pointer, keyword, params }) => {
    const name = pointer.slice(1);
    return `${name === '' ? '' : `${name} `}${sentenceFor(keyword, params, language)}`;
  });
  return said.join({ en: ' and ', 'zh-Hans': '，且 ', 'zh-Hant': '，且 ' }[language]);
}
