export interface Webhook {
  id: string;
  project_id: string;
  name: string;
  url: string;
  events: string[];
  /** masked, but in the answer that made or changed it */
  secret: string;
  public_keys: string[];
  is_active: boolean;
  disabled_reason: string | null;
  order_key: string | null;
  timeout_seconds: number;
  last_triggered_at: string | null;
  success_count: number;
  failure_count: number;
}
export interface Delivery {
  id: string;
  event_id: string;
  event_type: string;
  status: 'pending' | 'succeeded' | 'failed';
  attempts: {
    at: string;
    status_code: number | null;
    duration_ms: number;
    response_head: string | null;
    error: string | null;
  }[];
  next_attempt_at: string | null;
  created_at: string;
  request: { method: string; url: string; headers: Record<string, string> };
}
export interface EventType {
  type: string;
  title: string;
  schema: Record<string, unknown>;
  sample: unknown;
  /** the plugin that declares it; null: the host */
  plugin: string | null;
}
