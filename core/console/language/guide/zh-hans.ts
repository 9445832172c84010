import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'guide.account': '连接账户',
  'guide.account_hint': '插件通过已连接的账户与服务商通信。',
  'guide.all_done': '设置已全部完成',
  'guide.done': '已完成',
  'guide.event': '将事件发送到您的程序',
  'guide.event_hint': 'Webhook 以带签名的方式告知发生了什么。',
  'guide.key': '允许程序访问',
  'guide.key_hint': '仅包含所需权限范围的 API 密钥。',
  'guide.lead': '从零开始，把主机配置好',
  'guide.member': '邀请同事',
  'guide.member_hint': '为每人分配够用的最小角色。',
  'guide.open': '打开',
  'guide.plugin': '安装插件',
  'guide.plugin_hint': '每项权限由您决定。',
  'guide.publish': '发布您自己的插件',
  'guide.publish_hint': '先创建发布者，再上传插件包。',
  'guide.steps': '已完成 {done}/{all}',
};
