import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'usage.api_keys': 'API 密钥',
  'usage.caller_key': '密钥 {id}',
  'usage.caller_user': '您',
  'usage.caller_workspace': '工作区',
  'usage.day': '每天',
  'usage.hour': '每小时',
  'usage.lead': '用量与限额',
  'usage.limits': '工作区限额',
  'usage.members': '成员',
  'usage.none': '未设置限额',
  'usage.none_hint': '此时仅限制突发请求。',
  'usage.of': '{window}已用 {used} 次，上限 {limit} 次',
  'usage.per_day': '每日请求数',
  'usage.per_hour': '每小时请求数',
  'usage.projects': '项目',
  'usage.requests': '请求',
  'usage.seconds': '{seconds} 秒内',
};
