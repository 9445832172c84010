import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'audit.action': '操作',
  'audit.action_hint': '例如 plugin.installed 或 plugin.*',
  'audit.actor': '操作者',
  'audit.actor_hint': '邮箱地址、密钥前缀或 ID',
  'audit.after': '之后',
  'audit.before': '之前',
  'audit.export': '导出为 JSON Lines',
  'audit.hide': '隐藏变更',
  'audit.lead': '谁更改了什么；任何人都无法篡改',
  'audit.none': '没有此类操作',
  'audit.none_hint': '请放宽筛选条件。',
  'audit.show': '显示变更',
  'audit.since': '起始',
  'audit.target': '对象',
  'audit.target_hint': '类型（webhook）或 ID',
  'audit.until': '截止',
};
