import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'guide.account': '連接帳戶',
  'guide.account_hint': '外掛透過已連接的帳戶與服務商通訊。',
  'guide.all_done': '設定已全部完成',
  'guide.done': '已完成',
  'guide.event': '將事件傳送到您的程式',
  'guide.event_hint': 'Webhook 以附帶簽章的方式告知發生了什麼。',
  'guide.key': '允許程式存取',
  'guide.key_hint': '僅包含所需權限範圍的 API 金鑰。',
  'guide.lead': '從零開始，把主機設定好',
  'guide.member': '邀請同事',
  'guide.member_hint': '為每人分配夠用的最小角色。',
  'guide.open': '開啟',
  'guide.plugin': '安裝外掛',
  'guide.plugin_hint': '每項權限由您決定。',
  'guide.publish': '發布您自己的外掛',
  'guide.publish_hint': '先建立發布者，再上傳外掛套件。',
  'guide.steps': '已完成 {done}/{all}',
};
