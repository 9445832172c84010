import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'audit.action': '操作',
  'audit.action_hint': '例如 plugin.installed 或 plugin.*',
  'audit.actor': '操作者',
  'audit.actor_hint': '電子郵件、金鑰前綴或 ID',
  'audit.after': '之後',
  'audit.before': '之前',
  'audit.export': '匯出為 JSON Lines',
  'audit.hide': '隱藏變更',
  'audit.lead': '誰更改了什麼；任何人都無法竄改',
  'audit.none': '沒有此類操作',
  'audit.none_hint': '請放寬篩選條件。',
  'audit.show': '顯示變更',
  'audit.since': '起始',
  'audit.target': '對象',
  'audit.target_hint': '類型（webhook）或 ID',
  'audit.until': '截止',
};
