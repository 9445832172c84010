import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'events.catalogue': '类型',
  'events.catalogue_none': '没有此事件类型',
  'events.every': '所有类型',
  'events.hide': '隐藏数据',
  'events.host': '来自主机',
  'events.lead': '发生的事件，最新的在前',
  'events.none': '没有事件',
  'events.none_hint': '当插件、同步或您的程序发布消息时，事件会显示在这里。',
  'events.of_plugin': '来自 {plugin}',
  'events.recent': '最近',
  'events.replay': '重放',
  'events.replayed': '已重新发布；匹配的 Webhook：{count}',
  'events.sample': '示例',
  'events.schema': '结构',
  'events.search': '搜索类型',
  'events.show': '显示数据',
  'events.type': '事件类型',
  'events.type_details': '{type} 的结构和示例',
};
