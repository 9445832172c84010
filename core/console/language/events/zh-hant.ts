import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'events.catalogue': '類型',
  'events.catalogue_none': '沒有此事件類型',
  'events.every': '所有類型',
  'events.hide': '隱藏資料',
  'events.host': '來自主機',
  'events.lead': '發生的事件，最新的在前',
  'events.none': '沒有事件',
  'events.none_hint': '當外掛、同步或您的程式發布訊息時，事件會顯示在這裡。',
  'events.of_plugin': '來自 {plugin}',
  'events.recent': '最近',
  'events.replay': '重播',
  'events.replayed': '已重新發布；符合的 Webhook：{count}',
  'events.sample': '範例',
  'events.schema': '結構',
  'events.search': '搜尋類型',
  'events.show': '顯示資料',
  'events.type': '事件類型',
  'events.type_details': '{type} 的結構和範例',
};
