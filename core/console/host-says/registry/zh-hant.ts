import type { Like } from '../../language/like.ts';
import type { zhHans } from './zh-hans.ts';

export const zhHant: Like<typeof zhHans> = {
  'blocked by its registry': '由其登錄庫封鎖',
  'it is no gzip file; "patchbay pack" makes one': '不是 gzip 檔案；可用 patchbay pack 產生',
  'its compressed data is broken or cut off': '壓縮資料已損壞或不完整',
  'No release of {name} fits {range}; there are {versions}': '{name} 沒有符合 {range} 的版本；可用的有 {versions}',
  'No release of {name} fits {range}; there is {versions}': '{name} 沒有符合 {range} 的版本；可用的有 {versions}',
  'No verified release of {name} fits {range}; there are {versions}':
    '{name} 沒有符合 {range} 的已驗證版本；可用的有 {versions}',
  'No verified release of {name} fits {range}; there is {versions}':
    '{name} 沒有符合 {range} 的已驗證版本；可用的有 {versions}',
  'Only reviewers see the releases of all publishers; name one that you belong to in `publisher`':
    '只有審核員能檢視所有發布者的版本',
  'Only who runs {name} can rate it: install it in this workspace first': '只有使用 {name} 的工作區才能評價：請先安裝',
  'plugin.js has no default export made by definePlugin': 'plugin.js 沒有由 definePlugin 產生的預設匯出',
  'plugin.json and the manifest inside plugin.js differ in {field}; pack again with `patchbay pack`':
    'plugin.json 與 plugin.js 中的資訊清單在 {field} 上不一致；請以 patchbay pack 重新封裝',
  'revoked by its owner': '由擁有者撤銷',
  'That person is no member of {name}': '此人不是 {name} 的成員',
  'The key {key} is a key of {name} already': '金鑰 {key} 已屬於 {name}',
  'The key {key} was revoked and stays so; make a new one': '金鑰 {key} 已撤銷且不能恢復；請建立新金鑰',
  'The log has {size} lines; {field} {value} is past its end': '日誌有 {size} 行；{field} {value} 超出末尾',
  'The manifest inside {release} has another digest than its registry logged':
    '{release} 中資訊清單的摘要與其登錄庫記錄的不同',
  'The manifest is not valid: {why}': '資訊清單無效：{why}',
  'The marketplace has no {name}': '外掛市集中沒有 {name}',
  'The marketplace has no {name}; did you mean {near}?': '外掛市集中沒有 {name}；您是否想找 {near}？',
  'The marketplace is not open yet': '外掛市集尚未就緒',
  'The package of {release} has another digest than its registry logged':
    '{release} 的外掛套件摘要與其登錄庫記錄的不同',
  'The package of {release} is not stored here any more': '此處已不再儲存 {release} 的外掛套件',
  'The package of {release} is not the one that was published: {why}': '{release} 的外掛套件與發布時不一致：{why}',
  'The package was refused: {why}': '外掛套件遭拒絕：{why}',
  'The package {digest} is not stored here': '此處沒有儲存外掛套件 {digest}',
  'The registry log lacks its node {node}': '登錄庫日誌缺少節點 {node}',
  'The registry {origin} answered {status} for {path}': '登錄庫 {origin} 對 {path} 回傳 {status}',
  'The registry {origin} does not answer: {why}': '登錄庫 {origin} 沒有回應：{why}',
  'The review of {release} found {count} error: {errors}': '{release} 的審核發現 {count} 個錯誤：{errors}',
  'The review of {release} found {count} errors: {errors}': '{release} 的審核發現 {count} 個錯誤：{errors}',
  'The signature does not fit the manifest of {release}; sign it again': '簽章與 {release} 的資訊清單不符；請重新簽章',
  'There is no publisher {name}; did you mean {near}?': '沒有發布者 {name}；您是否想找 {near}？',
  'There is no publisher {name}; POST /registry/publishers makes one': '沒有發布者 {name}',
  'This is no registry export: {why}': '這不是登錄庫匯出檔案：{why}',
  'was rejected already': '已遭拒絕',
  'was rejected; publish a new version instead': '已遭拒絕；請發布新版本',
  'You have not reviewed {name}': '您尚未評價 {name}',
  'You have not reviewed {name}; POST writes a review': '您尚未評價 {name}',
  'You have reviewed {name}; change the review with PUT': '您已評價過 {name}；請修改現有評價',
  '{key} is no key of {name}; add it with POST /registry/publishers/{name2}/keys': '{key} 不是 {name} 的金鑰；請先新增',
  '{key} was revoked on {date}; sign with another key': '{key} 已於 {date} 撤銷；請用其他金鑰簽章',
  '{name} could be taken for {other}; choose a name that cannot': '{name} 容易與 {other} 混淆；請換一個名稱',
  '{name} has no key {key}': '{name} 沒有金鑰 {key}',
  '{name} has no version {version}; it has {versions}': '{name} 沒有版本 {version}；可用的有 {versions}',
  '{name} is blocked already': '{name} 已遭封鎖',
  '{name} is mirrored from {origin}; change it there': '{name} 鏡像自 {origin}；請在那裡變更',
  '{name} is no publisher name: write @ and 1 to 39 small letters, digits or inner hyphens':
    '{name} 不是有效的發布者名稱：須以 @ 開頭，後接 1 至 39 個小寫字母、數字或中間的連字號',
  '{name} is not blocked': '{name} 未遭封鎖',
  '{name} needs an owner: make another one first': '{name} 必須有一位擁有者：請先指定另一位',
  '{release} has no {path}': '{release} 中沒有 {path}',
  '{release} is not signed; sign it with a key of {name}: `patchbay sign`':
    '{release} 沒有簽章；請用 {name} 的金鑰簽章：patchbay sign',
  '{release} is not verified, and the policy takes only what is': '{release} 未經驗證，而政策只接受已驗證的版本',
  '{release} is released with another content, and a release never changes; publish it as a new version':
    '{release} 已以不同內容發布，而已發布的版本不會改變；請以新版本發布',
  '{release} is still being checked; choose another version': '{release} 仍在檢查中；請選擇其他版本',
  '{release} was rejected already': '{release} 已遭拒絕',
  '{release} was rejected by a reviewer; choose another version': '{release} 已遭審核員拒絕；請選擇其他版本',
  '{release} was rejected; publish a new version instead': '{release} 已遭拒絕；請發布新版本',
  '{release} was withdrawn by its publisher; choose another version': '{release} 已由發布者撤回；請選擇其他版本',
  '{who} is not a member of {name}; an owner of it can add members': '{who} 不是 {name} 的成員；可由其擁有者新增成員',
  '{who} is not an owner of {name}; an owner of it can add members': '{who} 不是 {name} 的擁有者；可由其擁有者新增成員',
  '{word} is no version and no range; write one such as "1.2.0", "^1.2.0" or "1.x"':
    '{word} 不是版本或版本範圍；請寫作例如 1.2.0、^1.2.0 或 1.x',
};
