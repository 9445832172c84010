import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'usage.api_keys': 'API 金鑰',
  'usage.caller_key': '金鑰 {id}',
  'usage.caller_user': '您',
  'usage.caller_workspace': '工作區',
  'usage.day': '每天',
  'usage.hour': '每小時',
  'usage.lead': '用量與限額',
  'usage.limits': '工作區限額',
  'usage.members': '成員',
  'usage.none': '未設定限額',
  'usage.none_hint': '此時僅限制突發請求。',
  'usage.of': '{window}已用 {used} 次，上限 {limit} 次',
  'usage.per_day': '每日請求數',
  'usage.per_hour': '每小時請求數',
  'usage.projects': '專案',
  'usage.requests': '請求',
  'usage.seconds': '{seconds} 秒內',
};
