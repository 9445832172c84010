import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'keys.actions': '操作',
  'keys.copied': '已复制',
  'keys.copy': '复制',
  'keys.last_used': '上次使用',
  'keys.lead': '您的程序如何登录',
  'keys.make': '创建密钥',
  'keys.new': '新建密钥',
  'keys.none': '没有 API 密钥',
  'keys.none_hint': '密钥只允许程序执行其权限范围内的操作。',
  'keys.once': '请立即复制：仅显示这一次',
  'keys.revoke': '撤销',
  'keys.revoke_confirm': '使用它的程序将立即被拒绝。',
  'keys.revoke_title': '撤销 {name}？',
  'keys.scopes': '权限范围',
  'keys.scopes_hint': '越少越好',
  'keys.uses': '使用次数',
};
