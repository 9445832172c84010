/** What a failure means on the wire: the code and status of `API.md`, and its sentence in every language. */
export interface FailureEntry {
  readonly code: string;
  readonly status: number;
  readonly messages: { readonly en: string; readonly 'zh-Hans': string; readonly 'zh-Hant': string };
}

const entry = (code: string, status: number, en: string, hans: string, hant: string): FailureEntry => ({
  code,
  status,
  messages: { en, 'zh-Hans': hans, 'zh-Hant': hant },
});

/** Every failure that the host can answer with. Several names may share a code; a name has exactly one. */
export const failures = {
  malformed: entry('F40000', 400, 'The request is malformed', '请求格式错误', '請求格式錯誤'),
  unauthenticated: entry('F40001', 401, 'Authentication is required', '未认证或凭证无效', '未認證或憑證無效'),
  forbidden: entry('F40003', 403, 'Permission denied', '没有权限', '沒有權限'),
  not_found: entry('F40004', 404, 'Resource not found', '资源不存在', '資源不存在'),
  method_not_allowed: entry('F40005', 405, 'Method not allowed', '不支持该请求方法', '不支援該請求方法'),
  not_acceptable: entry(
    'F40006',
    406,
    'None of the accepted content types can be produced',
    '无法提供所接受的内容类型',
    '無法提供所接受的內容類型',
  ),
  conflict: entry('F40009', 409, 'Conflict with the current state', '与当前状态冲突', '與目前狀態衝突'),
  idempotency_mismatch: entry(
    'F40009',
    409,
    'This idempotency key was used with another request',
    '该幂等键已用于另一个请求',
    '該冪等鍵已用於另一個請求',
  ),
  payload_too_large: entry('F40013', 413, 'The payload is too large', '请求体过大', '請求內容過大'),
  unsupported_media_type: entry('F40015', 415, 'Content type not supported', '不支持该内容类型', '不支援該內容類型'),
  validation_failed: entry('F40022', 422, 'Validation failed', '参数校验失败', '參數驗證失敗'),
  rate_limited: entry('F40029', 429, 'Too many requests', '请求过于频繁', '請求過於頻繁'),
  webhook_not_found: entry('F42301', 404, 'Webhook not found', 'Webhook 不存在', 'Webhook 不存在'),
  plugin_not_found: entry('F42302', 404, 'Plugin not found', '插件不存在', '外掛不存在'),
  integration_not_found: entry('F42303', 404, 'Integration not found', '集成不存在', '整合不存在'),
  configuration_invalid: entry('F42304', 422, 'The configuration is invalid', '配置无效', '設定無效'),
  sync_failed: entry('F42305', 502, 'The sync failed', '同步失败', '同步失敗'),
  sync_cannot_start: entry('F42305', 409, 'The sync cannot start', '无法开始同步', '無法開始同步'),
  install_refused: entry('F42306', 422, 'The plugin cannot be installed', '插件安装失败', '外掛安裝失敗'),
  install_conflict: entry('F42306', 409, 'The plugin is already installed', '插件已安装', '外掛已安裝'),
  webhook_failed: entry('F42307', 502, 'The webhook could not be delivered', 'Webhook 执行失败', 'Webhook 執行失敗'),
  plugin_failed: entry('F42308', 502, 'The plugin call failed', '插件调用失败', '外掛呼叫失敗'),
  plugin_timeout: entry('F42308', 504, 'The plugin call timed out', '插件调用超时', '外掛呼叫逾時'),
  internal: entry('F50000', 500, 'Internal error', '内部错误', '內部錯誤'),
  database_unavailable: entry('F50401', 503, 'The database is unavailable', '数据库不可用', '資料庫無法使用'),
  cache_unavailable: entry('F50402', 503, 'The cache is unavailable', '缓存不可用', '快取無法使用'),
  service_unavailable: entry(
    'F50403',
    503,
    'The integration service is unavailable',
    '集成服务不可用',
    '整合服務無法使用',
  ),
} as const satisfies Record<string, FailureEntry>;

export type FailureName = keyof typeof failures;

/** What is said when nothing failed. */
export const successes = {
  ok: { en: 'OK', 'zh-Hans': '操作成功', 'zh-Hant': '操作成功' },
  healthy: { en: 'healthy', 'zh-Hans': '服务正常', 'zh-Hant': '服務正常' },
} as const;
