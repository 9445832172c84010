import type { Language } from './language.ts';

const words: Record<string, Record<Language, string>> = {
  string: { en: 'a string', 'zh-Hans': '文本', 'zh-Hant': '文字' },
  integer: { en: 'an integer', 'zh-Hans': '整数', 'zh-Hant': '整數' },
  number: { en: 'a number', 'zh-Hans': '数字', 'zh-Hant': '數字' },
  boolean: { en: 'a boolean', 'zh-Hans': '布尔值（true 或 false）', 'zh-Hant': '布林值（true 或 false）' },
  array: { en: 'an array', 'zh-Hans': '列表', 'zh-Hant': '清單' },
  object: { en: 'an object', 'zh-Hans': '对象', 'zh-Hant': '物件' },
  // What was seen, where a whole number is wanted.
  fraction: { en: 'number', 'zh-Hans': '小数', 'zh-Hant': '小數' },
  null: { en: 'null', 'zh-Hans': '空值（null）', 'zh-Hant': '空值（null）' },
};

/** A type of JSON Schema as a sentence names it, in English with its article. */
export function typeWord(type: unknown, language: Language): string {
  return words[String(type)]?.[language] ?? String(type);
}

const formats: Record<string, Record<Language, string> & { example: string }> = {
  'date-time': {
    en: 'date-time',
    'zh-Hans': '日期时间（含时区）',
    'zh-Hant': '日期時間（含時區）',
    example: '2026-01-31T09:00:00Z',
  },
  date: { en: 'date', 'zh-Hans': '日期', 'zh-Hant': '日期', example: '2026-01-31' },
  time: { en: 'time', 'zh-Hans': '时间（含时区）', 'zh-Hant': '時間（含時區）', example: '09:00:00Z' },
  duration: { en: 'duration', 'zh-Hans': '时长', 'zh-Hant': '時間長度', example: 'PT15M' },
  email: { en: 'email', 'zh-Hans': '电子邮件地址', 'zh-Hant': '電子郵件地址', example: 'ada@example.com' },
  hostname: { en: 'hostname', 'zh-Hans': '主机名', 'zh-Hant': '主機名稱', example: 'api.example.com' },
  ipv4: { en: 'IPv4 address', 'zh-Hans': ' IPv4 地址', 'zh-Hant': ' IPv4 位址', example: '192.0.2.1' },
  ipv6: { en: 'IPv6 address', 'zh-Hans': ' IPv6 地址', 'zh-Hant': ' IPv6 位址', example: '2001:db8::1' },
  uri: { en: 'uri', 'zh-Hans': '网址', 'zh-Hant': '網址', example: 'https://example.com/path' },
  'uri-reference': { en: 'uri-reference', 'zh-Hans': '网址或路径', 'zh-Hant': '網址或路徑', example: '/path?page=2' },
  uuid: { en: 'uuid', 'zh-Hans': ' UUID', 'zh-Hant': ' UUID', example: '123e4567-e89b-12d3-a456-426614174000' },
  'json-pointer': { en: 'json-pointer', 'zh-Hans': ' JSON 指针', 'zh-Hant': ' JSON 指標', example: '/items/0' },
  byte: { en: 'base64 text', 'zh-Hans': ' Base64 文本', 'zh-Hant': ' Base64 文字', example: 'aGVsbG8=' },
  pem: { en: 'PEM text', 'zh-Hans': ' PEM 文本', 'zh-Hant': ' PEM 文字', example: '-----BEGIN CERTIFICATE-----' },
};

/** A format as a sentence names it, and a text that has it. */
export function formatWord(format: unknown, language: Language): { name: string; example: string | undefined } {
  const known = formats[String(format)];
  return { name: known?.[language] ?? String(format), example: known?.example };
}
