import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'events.hide': '隐藏数据',
  'events.lead': '发生的事件，最新的在前',
  'events.none': '没有事件',
  'events.none_hint': '当插件、同步或您的程序发布消息时，事件会显示在这里。',
  'events.replay': '重放',
  'events.replayed': '已重新发布；匹配的 Webhook：{count}',
  'events.show': '显示数据',
  'events.type': '事件类型',
};
