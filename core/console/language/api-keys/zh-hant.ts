import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'keys.actions': '操作',
  'keys.copied': '已複製',
  'keys.copy': '複製',
  'keys.last_used': '上次使用',
  'keys.lead': '您的程式如何登入',
  'keys.make': '建立金鑰',
  'keys.new': '新增金鑰',
  'keys.none': '沒有 API 金鑰',
  'keys.none_hint': '金鑰只允許程式執行其權限範圍內的操作。',
  'keys.once': '請立即複製：僅顯示這一次',
  'keys.revoke': '撤銷',
  'keys.revoke_confirm': '使用它的程式將立即被拒絕。',
  'keys.revoke_title': '撤銷 {name}？',
  'keys.scopes': '權限範圍',
  'keys.scopes_hint': '越少越好',
  'keys.uses': '使用次數',
};
