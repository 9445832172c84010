import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHant: Like<typeof en> = {
  'configuration.new': '尚未儲存設定；顯示的是外掛的預設值。',
  'configuration.none': '此外掛沒有設定。',
  'configuration.revision': '第 {revision} 版',
  'grants.hint': '外掛只能做已勾選的事。撤銷立即生效，執行中的呼叫也不例外。必要的權限只能在外掛停用時撤銷。',
  'grants.save': '儲存權限',
  'invocations.duration': '耗時',
  'invocations.handler': '呼叫',
  'invocations.ms': '{ms} 毫秒',
  'invocations.none': '還沒有呼叫',
  'invocations.started': '開始時間',
  'logs.none': '沒有日誌',
  'logs.none_hint': '外掛寫入的日誌會顯示在這裡。',
  'plugins.find': '尋找外掛',
  'plugins.lead': '此工作區執行的外掛',
  'plugins.none': '尚未安裝外掛',
  'plugins.none_hint': '在市集中選擇一個並授予它所需的權限。',
  'plugins.title': '已安裝的外掛',
  'uninstall.confirm': '呼叫會立即停止，且無法復原。',
  'uninstall.force': '即使仍有整合在使用',
  'uninstall.keep': '保留其設定和已同步的記錄',
  'uninstall.text': '將外掛從此工作區移除。',
  'uninstall.title': '解除安裝 {name}？',
};
