import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'events.hide': '隱藏資料',
  'events.lead': '發生的事件，最新的在前',
  'events.none': '沒有事件',
  'events.none_hint': '當外掛、同步或您的程式發布消息時，事件會顯示在這裡。',
  'events.replay': '重播',
  'events.replayed': '已重新發布；符合的 Webhook：{count}',
  'events.show': '顯示資料',
  'events.type': '事件類型',
};
