import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'members.admins_only': '仅此工作区的管理员可见',
  'members.admins_only_hint': '请联系管理员，或申请该角色；“成员”页面列出了他们。',
  'members.change_role': '{email} 的角色',
  'members.email': '电子邮箱',
  'members.expires': '有效期至',
  'members.invitations': '未接受的邀请',
  'members.invite': '邀请',
  'members.invite_title': '邀请成员',
  'members.joined': '加入时间',
  'members.lead': '谁在此工作区工作，以及他们的权限',
  'members.link_once': '请发送此链接；仅显示这一次',
  'members.list': '成员',
  'members.remove': '移除',
  'members.remove_confirm': '对方将立即失去对此工作区的访问权限。',
  'members.remove_title': '移除 {email}？',
  'members.role': '角色',
  'members.role_admin': '管理员：还可安装插件、邀请成员和创建密钥',
  'members.role_developer': '开发者：还可连接账户、运行和配置',
  'members.role_owner': '所有者：一切权限',
  'members.role_viewer': '查看者：只读',
  'members.take_back': '撤回',
  'members.take_back_of': '撤回对 {email} 的邀请',
};
