import type { Like } from '../like.ts';
import type { en } from './en.ts';

export const zhHans: Like<typeof en> = {
  'configuration.new': '尚未保存设置；显示的是插件的默认值。',
  'configuration.none': '此插件没有设置。',
  'configuration.revision': '第 {revision} 版',
  'grants.hint': '插件只能做已勾选的事。撤销立即生效，正在运行的调用也不例外。必需的权限只能在插件停用时撤销。',
  'grants.save': '保存权限',
  'invocations.duration': '耗时',
  'invocations.handler': '调用',
  'invocations.ms': '{ms} 毫秒',
  'invocations.none': '还没有调用',
  'invocations.started': '开始时间',
  'logs.none': '没有日志',
  'logs.none_hint': '插件写入的日志会显示在这里。',
  'plugins.find': '查找插件',
  'plugins.lead': '此工作区运行的插件',
  'plugins.none': '尚未安装插件',
  'plugins.none_hint': '在市场中选择一个并授予它所需的权限。',
  'plugins.title': '已安装的插件',
  'uninstall.confirm': '调用会立即停止，且无法撤销。',
  'uninstall.force': '即使仍有集成在使用',
  'uninstall.keep': '保留其设置和已同步的记录',
  'uninstall.text': '将插件从此工作区移除。',
  'uninstall.title': '卸载 {name}？',
};
