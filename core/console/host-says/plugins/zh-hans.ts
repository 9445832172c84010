export const zhHans = {
  'applied from a file': '由文件应用',
  'automatic upgrade': '自动升级',
  'If-Match takes the revision that you read, such as "3"': 'If-Match 须为您读取的版本号，例如 "3"',
  'it could not be put in place: {why}': '未能投入使用：{why}',
  'It did not run': '没有运行',
  'It took longer than {seconds} s': '耗时超过 {seconds} 秒',
  'Its worker died or stalled {count} times': '执行它的进程已中断或停滞 {count} 次',
  'No installed plugin has the id {id}; GET /plugins lists them': '没有 ID 为 {id} 的已安装插件',
  'No installed plugin has the id {id}; {name} has the id {other}':
    '没有 ID 为 {id} 的已安装插件；{name} 的 ID 是 {other}',
  'No release of {name} is on trial': '{name} 没有正在试用的版本',
  'Nothing is configured at this level': '此范围内没有设置',
  'p95 is {ms} ms; of the stable release {stable} ms': '95% 的调用耗时不超过 {ms} 毫秒；稳定版为 {stable} 毫秒',
  'permissions were taken back from the plugin while it was on trial': '插件试用期间有权限被收回',
  'scheduled by the plugin': '由插件安排',
  'Sideloading is not allowed here: publish the package, or set PATCHBAY_ALLOW_SIDELOAD=true for development':
    '此处不允许旁加载：请发布插件包，或在开发环境设置 PATCHBAY_ALLOW_SIDELOAD=true',
  'Somebody else wrote revision {theirs} since you read {yours}; read it again':
    '您读取第 {yours} 版之后，其他人已保存第 {theirs} 版；请重新读取',
  'Stopped after {count} failures within ten minutes, the last in {handler}: {why}':
    '十分钟内失败 {count} 次后停止，最后一次在 {handler}：{why}',
  'stopped after {count} strikes; the last one in {handler}: {why}':
    '连续失败 {count} 次后停止；最后一次在 {handler}：{why}',
  'switched off by {who}': '由 {who} 停用',
  'The bundle is over 10 MB': '代码包超过 10 MB',
  'The file names {name} twice': '文件中 {name} 出现了两次',
  'The host ended while the action ran; whether the vendor did it is not known':
    '动作运行期间主机已停止；不知道服务商是否已执行',
  'The integration was removed before its action ran': '动作运行之前集成已移除',
  'The integration was switched off before its action ran': '动作运行之前集成已停用',
  'The job is {state}; only dead ones can be tried again': '此任务的状态为 {state}；只有已放弃的任务才能重试',
  'The manifest given is not the one of {release}; leave it out': '所提交的清单不属于 {release}；请勿提交',
  'The package cannot be checked now: {why}': '目前无法检查插件包：{why}',
  'The plugin asks for less than {permission}; a grant can only be narrower':
    '插件所请求的少于 {permission}；授予的范围只能更窄',
  'The plugin asks for no permission {name}; did you mean {near}?': '插件没有请求权限 {name}；您是否想写 {near}？',
  'The plugin asks for no permission {name}; it asks for {names}': '插件没有请求权限 {name}；它请求的是 {names}',
  'The plugin was uninstalled before its action ran': '动作运行之前插件已卸载',
  'The plugin was uninstalled, or the integration removed, before its end': '在它结束之前，插件已卸载或集成已移除',
  'The policy here blocks everything of {publisher}': '此处的策略禁止 {publisher} 的所有插件',
  'The settings here do not fit {release}: {why}': '此处的设置不符合 {release}：{why}',
  'The settings of {name} were changed meanwhile; try again': '{name} 的设置在此期间已被更改；请重试',
  'The settings were changed meanwhile; try again': '设置在此期间已被更改；请重试',
  'The stored manifest does not have its digest': '已存储的清单与其摘要不符',
  'The stored manifest of {release} does not have its digest': '{release} 已存储的清单与其摘要不符',
  'There is a configuration already; change it with PUT': '已有设置；请修改现有设置',
  'There is no invocation {id}': '没有调用记录 {id}',
  'There is no recording of {id}: it is over 7 days old or too large, or is_recording of the plugin is off':
    '没有 {id} 的录制：已超过 7 天、过大，或插件未开启录制',
  'There is no revision {revision} to restore': '没有可恢复的第 {revision} 版',
  'There is no such job': '没有此任务',
  'This is {name}; it cannot take the place of {other}': '这是 {name}，不能替换 {other}',
  'What is sideloaded serves everybody at once; leave out canary': '旁加载的插件立即对所有项目生效，不能试用',
  'Where credentials of {name} are sent, or how, changes from {before} to {after}':
    '{name} 的凭据发送到何处或以何种方式发送，将从 {before} 变为 {after}',
  '{bad} of its {calls} calls failed; of the stable release {stable}':
    '它的 {calls} 次调用中有 {bad} 失败；稳定版为 {stable}',
  '{count} integration uses {name}; remove them first, or ask with force=true':
    '有 {count} 个集成在使用 {name}；请先移除，或选择强制卸载',
  '{count} integrations use {name}; remove them first, or ask with force=true':
    '有 {count} 个集成在使用 {name}；请先移除，或选择强制卸载',
  '{handler} must answer an object': '{handler} 必须返回对象',
  '{name} answered {action} with an output that is not as its manifest says: {why}':
    '{name} 对 {action} 返回的输出与其清单不符：{why}',
  '{name} could not install itself: {why}': '{name} 的安装步骤失败：{why}',
  '{name} has no action {action}; did you mean {near}?': '{name} 没有动作 {action}；您是否想用 {near}？',
  '{name} has no action {action}; it has {names}': '{name} 没有动作 {action}；它有 {names}',
  '{name} has no previous release to go back to': '{name} 没有可回退的上一版本',
  '{name} is blocked here: {why}': '{name} 在此已被封禁：{why}',
  '{name} is blocked: {why}': '{name} 已被封禁：{why}',
  '{name} is disabled; enable it first': '{name} 已停用；请先启用',
  '{name} is installed as {id} ({version}); POST /plugins/{id2}/upgrade changes its version':
    '{name} 已安装（{version}）；请在插件页面升级',
  '{name} is not configured here: set {fields} for the project or the workspace':
    '{name} 尚未在此配置：请为项目或工作区设置 {fields}',
  '{name} is suspect: {why}; POST /plugins/{id}/resume lets it run again':
    '{name} 可疑，已停止：{why}。在插件页面可让它再次运行',
  '{name} is switched off for this project': '{name} 已对此项目停用',
  '{name} is tampered: {why}': '{name} 已被篡改：{why}',
  '{name} is {status}: {why}; POST /plugins/{id}/resume lets it run again':
    '{name} 已停止：{why}。在插件页面可让它再次运行',
  '{name} is {status}; only a plugin stopped by strikes is resumed':
    '{name} 无需恢复；只有因连续失败而停止的插件才能恢复',
  '{name} is {version} already, the newest that could be taken': '{name} 已是可用的最新版本 {version}',
  '{name} needs {permissions}; grant it, or disable the plugin with is_enabled: false':
    '{name} 需要 {permissions}；请授予，或先停用插件',
  '{name} was changed meanwhile; try again': '{name} 在此期间已被更改；请重试',
  '{name} was sideloaded: send the new manifest and bundle, or uninstall it and install a release':
    '{name} 是旁加载的：请提交新的清单和代码包，或卸载后安装正式版本',
  '{name} was switched off before its action ran': '动作运行之前 {name} 已停用',
  '{name} was uninstalled': '{name} 已卸载',
  '{release} could not be loaded on trial: {why}': '{release} 试加载失败：{why}',
  '{release} has no signature by a key of {publisher} that is still good':
    '{release} 没有由 {publisher} 仍然有效的密钥所做的签名',
  '{release} needs its settings migrated, and both releases cannot share them; upgrade without a canary':
    '{release} 需要迁移设置，两个版本无法共用；请不经试用直接升级',
  '{release} needs {permissions}; grant it in permissions': '{release} 需要 {permissions}；请授予该权限',
  '{release} runs on Patchbay {range}; this is {version}': '{release} 需要 Patchbay {range}；当前为 {version}',
  '{release} wants more than is granted: {permissions}; grant it in permissions':
    '{release} 要求的权限超出已授予的范围：{permissions}；请授予该权限',
  '{release} was switched off: {why}': '{release} 已停用：{why}',
  '{version} is on trial already; DELETE the canary first': '{version} 已在试用；请先结束试用',
  '{word} fits {count} packages: {names}; name one of them': '{word} 对应 {count} 个插件包：{names}；请指明其中一个',
};
