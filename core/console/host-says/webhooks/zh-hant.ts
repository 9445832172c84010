import type { Like } from '../../language/like.ts';
import type { zhHans } from './zh-hans.ts';

export const zhHant: Like<typeof zhHans> = {
  'must be base64 of 24 to 64 bytes after whsec_; leave it out to have one made':
    'whsec_ 之後必須是 24 至 64 位元組的 Base64；留空則自動產生',
  'No delivery of this webhook has failed': '此 Webhook 沒有失敗的投遞',
  'stands for itself: leave it out where schedule is given': '已指定重試方式時請勿填寫',
  'The data is not as {type} says': '資料不符合 {type} 的結構',
  'The event is past its retention': '事件已超過保留期限',
  'The receiver answered 410 Gone': '接收方回傳 410 Gone',
  'The receiver answered {status}': '接收方回傳 {status}',
  'The receiver gave no answer: {why}': '接收方沒有回應：{why}',
  "The receiver redirects to {address}; redirects are not followed: change the webhook's url":
    '接收方重新導向至 {address}；不會跟隨重新導向：請變更 Webhook 的位址',
  "The receiver redirects; redirects are not followed: change the webhook's url":
    '接收方回傳重新導向；不會跟隨重新導向：請變更 Webhook 的位址',
  'the value of {name} may hold printable ASCII only': '{name} 的值只能包含可列印的 ASCII 字元',
  'The webhook is switched off': 'Webhook 已停用',
  'The webhook is switched off: {why}': 'Webhook 已停用：{why}',
  'The webhook is switched off; switch it on first: PUT /webhooks/{id}/status': 'Webhook 已停用；請先啟用',
  'The webhook was deleted': 'Webhook 已刪除',
  'there is no integration {id} in this project; leave it out to hear of all': '此專案中沒有整合 {id}；留空則接收全部',
  'There is no such event, or it is past its retention': '沒有此事件，或已超過保留期限',
  'There is no trigger {name}': '沒有觸發器 {name}',
  'There is no trigger {name}; did you mean {near}?': '沒有觸發器 {name}；您是否想用 {near}？',
  'There is no webhook {id}': '沒有 Webhook {id}',
  'There is no webhook {id}; did you mean {near}?': '沒有 Webhook {id}；您是否想找 {near}？',
  'This delivery is still under way: see next_attempt_at': '此投遞仍在進行中：請查看下次嘗試的時間',
  'This delivery was just started again by someone else': '此投遞剛剛已由他人重新開始',
  'This webhook has no such delivery': '此 Webhook 沒有這次投遞',
  '{count} deliveries in a row failed': '連續 {count} 次投遞失敗',
  '{count} events followed from one another already; the listeners seem to call each other in a ring':
    '已有 {count} 個事件相繼觸發；接聽方似乎在循環呼叫',
  '{name} is no header name (RFC 9110, section 5.1)': '{name} 不是有效的標頭名稱',
  '{name} is set by the host; leave it out': '{name} 由主機設定；請勿填寫',
  '{name} is there twice: header names are the same in any case': '{name} 重複：標頭名稱不區分大小寫',
  '{type} is no known event type: GET /webhooks/events lists them': '沒有事件類型 {type}',
  '{type} is no known event type; did you mean {near}?': '沒有事件類型 {type}；您是否想用 {near}？',
};
