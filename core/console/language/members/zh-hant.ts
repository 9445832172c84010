import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'members.admins_only': '僅此工作區的管理員可見',
  'members.admins_only_hint': '請聯絡管理員，或申請該角色；「成員」頁面列出了他們。',
  'members.change_role': '{email} 的角色',
  'members.email': '電子郵件',
  'members.expires': '有效期至',
  'members.invitations': '未接受的邀請',
  'members.invite': '邀請',
  'members.invite_title': '邀請成員',
  'members.joined': '加入時間',
  'members.lead': '誰在此工作區工作，以及他們的權限',
  'members.link_once': '請傳送此連結；僅顯示這一次',
  'members.list': '成員',
  'members.remove': '移除',
  'members.remove_confirm': '對方將立即失去對此工作區的存取權限。',
  'members.remove_title': '移除 {email}？',
  'members.role': '角色',
  'members.role_admin': '管理員：還可安裝外掛、邀請成員和建立金鑰',
  'members.role_developer': '開發者：還可連接帳戶、執行和設定',
  'members.role_owner': '擁有者：一切權限',
  'members.role_viewer': '檢視者：唯讀',
  'members.take_back': '撤回',
  'members.take_back_of': '撤回對 {email} 的邀請',
};
