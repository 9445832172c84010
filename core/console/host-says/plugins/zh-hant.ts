import type { Like } from '../../language/like.ts';
import type { zhHans } from './zh-hans.ts';

export const zhHant: Like<typeof zhHans> = {
  'applied from a file': '由檔案套用',
  'automatic upgrade': '自動升級',
  'If-Match takes the revision that you read, such as "3"': 'If-Match 須為您讀取的版本號，例如 "3"',
  'it could not be put in place: {why}': '未能投入使用：{why}',
  'It did not run': '沒有執行',
  'It took longer than {seconds} s': '耗時超過 {seconds} 秒',
  'Its worker died or stalled {count} times': '執行它的程序已中斷或停滯 {count} 次',
  'No installed plugin has the id {id}; GET /plugins lists them': '沒有 ID 為 {id} 的已安裝外掛',
  'No installed plugin has the id {id}; {name} has the id {other}':
    '沒有 ID 為 {id} 的已安裝外掛；{name} 的 ID 是 {other}',
  'No release of {name} is on trial': '{name} 沒有正在試用的版本',
  'Nothing is configured at this level': '此範圍內沒有設定',
  'p95 is {ms} ms; of the stable release {stable} ms': '95% 的呼叫耗時不超過 {ms} 毫秒；穩定版為 {stable} 毫秒',
  'permissions were taken back from the plugin while it was on trial': '外掛試用期間有權限被收回',
  'scheduled by the plugin': '由外掛安排',
  'Sideloading is not allowed here: publish the package, or set PATCHBAY_ALLOW_SIDELOAD=true for development':
    '此處不允許側載：請發布外掛套件，或在開發環境設定 PATCHBAY_ALLOW_SIDELOAD=true',
  'Somebody else wrote revision {theirs} since you read {yours}; read it again':
    '您讀取第 {yours} 版之後，其他人已儲存第 {theirs} 版；請重新讀取',
  'Stopped after {count} failures within ten minutes, the last in {handler}: {why}':
    '十分鐘內失敗 {count} 次後停止，最後一次在 {handler}：{why}',
  'stopped after {count} strikes; the last one in {handler}: {why}':
    '連續失敗 {count} 次後停止；最後一次在 {handler}：{why}',
  'switched off by {who}': '由 {who} 停用',
  'The bundle is over 10 MB': '程式碼套件超過 10 MB',
  'The file names {name} twice': '檔案中 {name} 出現了兩次',
  'The host ended while the action ran; whether the vendor did it is not known':
    '動作執行期間主機已停止；不知道服務商是否已執行',
  'The integration was removed before its action ran': '動作執行之前整合已移除',
  'The integration was switched off before its action ran': '動作執行之前整合已停用',
  'The job is {state}; only dead ones can be tried again': '此工作的狀態為 {state}；只有已放棄的工作才能重試',
  'The manifest given is not the one of {release}; leave it out': '所提交的資訊清單不屬於 {release}；請勿提交',
  'The package cannot be checked now: {why}': '目前無法檢查外掛套件：{why}',
  'The plugin asks for less than {permission}; a grant can only be narrower':
    '外掛所請求的少於 {permission}；授予的範圍只能更窄',
  'The plugin asks for no permission {name}; did you mean {near}?': '外掛沒有請求權限 {name}；您是否想寫 {near}？',
  'The plugin asks for no permission {name}; it asks for {names}': '外掛沒有請求權限 {name}；它請求的是 {names}',
  'The plugin was uninstalled before its action ran': '動作執行之前外掛已解除安裝',
  'The plugin was uninstalled, or the integration removed, before its end': '在它結束之前，外掛已解除安裝或整合已移除',
  'The policy here blocks everything of {publisher}': '此處的政策禁止 {publisher} 的所有外掛',
  'The settings here do not fit {release}: {why}': '此處的設定不符合 {release}：{why}',
  'The settings of {name} were changed meanwhile; try again': '{name} 的設定在此期間已被變更；請重試',
  'The settings were changed meanwhile; try again': '設定在此期間已被變更；請重試',
  'The stored manifest does not have its digest': '已儲存的資訊清單與其摘要不符',
  'The stored manifest of {release} does not have its digest': '{release} 已儲存的資訊清單與其摘要不符',
  'There is a configuration already; change it with PUT': '已有設定；請修改現有設定',
  'There is no invocation {id}': '沒有呼叫記錄 {id}',
  'There is no recording of {id}: it is over 7 days old or too large, or is_recording of the plugin is off':
    '沒有 {id} 的錄製：已超過 7 天、過大，或外掛未開啟錄製',
  'There is no revision {revision} to restore': '沒有可還原的第 {revision} 版',
  'There is no such job': '沒有此工作',
  'This is {name}; it cannot take the place of {other}': '這是 {name}，不能取代 {other}',
  'What is sideloaded serves everybody at once; leave out canary': '側載的外掛立即對所有專案生效，不能試用',
  'Where credentials of {name} are sent, or how, changes from {before} to {after}':
    '{name} 的憑證傳送到何處或以何種方式傳送，將從 {before} 變為 {after}',
  '{bad} of its {calls} calls failed; of the stable release {stable}':
    '它的 {calls} 次呼叫中有 {bad} 失敗；穩定版為 {stable}',
  '{count} integration uses {name}; remove them first, or ask with force=true':
    '有 {count} 個整合在使用 {name}；請先移除，或選擇強制解除安裝',
  '{count} integrations use {name}; remove them first, or ask with force=true':
    '有 {count} 個整合在使用 {name}；請先移除，或選擇強制解除安裝',
  '{handler} must answer an object': '{handler} 必須回傳物件',
  '{name} answered {action} with an output that is not as its manifest says: {why}':
    '{name} 對 {action} 回傳的輸出與其資訊清單不符：{why}',
  '{name} could not install itself: {why}': '{name} 的安裝步驟失敗：{why}',
  '{name} has no action {action}; did you mean {near}?': '{name} 沒有動作 {action}；您是否想用 {near}？',
  '{name} has no action {action}; it has {names}': '{name} 沒有動作 {action}；它有 {names}',
  '{name} has no previous release to go back to': '{name} 沒有可回復的上一版本',
  '{name} is blocked here: {why}': '{name} 在此已遭封鎖：{why}',
  '{name} is blocked: {why}': '{name} 已遭封鎖：{why}',
  '{name} is disabled; enable it first': '{name} 已停用；請先啟用',
  '{name} is installed as {id} ({version}); POST /plugins/{id2}/upgrade changes its version':
    '{name} 已安裝（{version}）；請在外掛頁面升級',
  '{name} is not configured here: set {fields} for the project or the workspace':
    '{name} 尚未在此設定：請為專案或工作區設定 {fields}',
  '{name} is suspect: {why}; POST /plugins/{id}/resume lets it run again':
    '{name} 可疑，已停止：{why}。在外掛頁面可讓它再次執行',
  '{name} is switched off for this project': '{name} 已對此專案停用',
  '{name} is tampered: {why}': '{name} 已遭竄改：{why}',
  '{name} is {status}: {why}; POST /plugins/{id}/resume lets it run again':
    '{name} 已停止：{why}。在外掛頁面可讓它再次執行',
  '{name} is {status}; only a plugin stopped by strikes is resumed':
    '{name} 無需恢復；只有因連續失敗而停止的外掛才能恢復',
  '{name} is {version} already, the newest that could be taken': '{name} 已是可用的最新版本 {version}',
  '{name} needs {permissions}; grant it, or disable the plugin with is_enabled: false':
    '{name} 需要 {permissions}；請授予，或先停用外掛',
  '{name} was changed meanwhile; try again': '{name} 在此期間已被變更；請重試',
  '{name} was sideloaded: send the new manifest and bundle, or uninstall it and install a release':
    '{name} 是側載的：請提交新的資訊清單和程式碼套件，或解除安裝後安裝正式版本',
  '{name} was switched off before its action ran': '動作執行之前 {name} 已停用',
  '{name} was uninstalled': '{name} 已解除安裝',
  '{release} could not be loaded on trial: {why}': '{release} 試載入失敗：{why}',
  '{release} has no signature by a key of {publisher} that is still good':
    '{release} 沒有由 {publisher} 仍然有效的金鑰所做的簽章',
  '{release} needs its settings migrated, and both releases cannot share them; upgrade without a canary':
    '{release} 需要遷移設定，兩個版本無法共用；請不經試用直接升級',
  '{release} needs {permissions}; grant it in permissions': '{release} 需要 {permissions}；請授予該權限',
  '{release} runs on Patchbay {range}; this is {version}': '{release} 需要 Patchbay {range}；目前為 {version}',
  '{release} wants more than is granted: {permissions}; grant it in permissions':
    '{release} 要求的權限超出已授予的範圍：{permissions}；請授予該權限',
  '{release} was switched off: {why}': '{release} 已停用：{why}',
  '{version} is on trial already; DELETE the canary first': '{version} 已在試用；請先結束試用',
  '{word} fits {count} packages: {names}; name one of them': '{word} 對應 {count} 個外掛套件：{names}；請指明其中一個',
};
