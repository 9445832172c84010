// Made from the OpenAPI document by scripts/write-client.ts (npm run client); not written by hand.

/** What the API speaks of, by the names of its document. */
export interface Schemas {
  ActionAccepted: {
    invocation_id: string;
    status: "queued";
  };
  ActionInput: {
    input?: unknown;
  };
  ApiKey: {
    id: string;
    name: string;
    mode: "live" | "test";
    prefix: string;
    scopes: ("plugins:read" | "plugins:write" | "integrations:read" | "integrations:write" | "integrations:run" | "webhooks:read" | "webhooks:write" | "events:write" | "records:read" | "registry:publish" | "admin")[];
    project_id: string | null;
    rate_limit_per_hour: number | null;
    rate_limit_per_day: number | null;
    ip_allowlist: string[];
    status: "active" | "expired" | "revoked";
    expires_at: string | null;
    last_used_at: string | null;
    usage_count: number;
    rotated_to: string | null;
    created_by: string;
    created_at: string;
  };
  Attempt: {
    at: string;
    status_code: number | null;
    duration_ms: number;
    response_headers: Record<string, string> | null;
    response_head: string | null;
    error: string | null;
    address: string | null;
    timings: Schemas['Timings'] | null;
  };
  AuditEntry: {
    id: string;
    at: string;
    actor: {
      kind: "user" | "key" | "system" | "plugin";
      id: string;
      label: string;
    };
    action: string;
    target: {
      kind: string;
      id: string;
      name: string | null;
    };
    before: Record<string, unknown>;
    after: Record<string, unknown>;
    address: string | null;
    sequence: number | null;
    hash: string | null;
  };
  AuthSummary: {
    auth_type: string;
    token_encrypted: boolean;
    scopes: string[];
    expires_at: string | null;
    account: string | null;
  } | {
    auth_type: string;
    token_encrypted: boolean;
    scopes: string[];
    expires_at: string | null;
    account: string | null;
  };
  Canary: {
    version: string;
    percent: number;
    started_at: string;
    ends_at: string;
    trial: Schemas['MeasuredHealth'];
    stable: Schemas['MeasuredHealth'];
    worse: string | null;
  };
  Checkpoint: {
    origin: string;
    size: number;
    root: string;
    at: string;
    key_id: string;
    public_key: string;
    signature: string;
  };
  Choice: {
    id: string;
    title: string;
  };
  Configuration: {
    plugin_id: string;
    project_id: string | null;
    configuration: Record<string, unknown>;
    effective: Record<string, unknown>;
    origins: Record<string, "default" | "workspace" | "project">;
    is_active: boolean;
    revision: number;
    updated_at?: string | null;
    updated_by?: string | null;
  };
  ConfigurationRevision: {
    revision: number;
    configuration: Record<string, unknown>;
    is_active: boolean;
    author: {
      kind: string;
      id: string;
      label: string;
    };
    cause: string;
    at: string;
    changed: string[];
    diff: {
      name: string;
      from?: unknown;
      to?: unknown;
    }[];
  };
  Delivery: {
    id: string;
    event_id: string;
    event_type: string;
    status: "pending" | "succeeded" | "failed";
    attempts: Schemas['Attempt'][];
    next_attempt_at: string | null;
    created_at: string;
    finished_at: string | null;
    request: {
      method: "POST";
      url: string;
      headers: Record<string, string>;
    };
  };
  DeniedCall: {
    permission: string;
    detail: string;
  };
  Deprecation: {
    reason: string;
    at: string;
  } | {
    reason: string;
    at: string;
  };
  ErrorGroup: {
    version: string;
    handler: string;
    type: string;
    message: string;
    count: number;
    last_at: string;
  };
  Event: {
    id: string;
    type: string;
    project_id: string | null;
    data: unknown;
    occurred_at: string;
    created_at: string;
    source: {
      kind: "user" | "key" | "plugin" | "hook" | "sync" | "system";
      id: string;
    };
    caused_by: string | null;
  };
  EventType: {
    type: string;
    title: string;
    schema: Record<string, unknown>;
    sample: unknown;
    plugin: string | null;
  };
  Facets: {
    category: Record<string, number>;
    auth_type: Record<string, number>;
    permission: Record<string, number>;
    publisher: Record<string, number>;
    verified: Record<string, number>;
    compatible: Record<string, number>;
  };
  Failure: {
    code: "F40000" | "F40001" | "F40003" | "F40004" | "F40005" | "F40006" | "F40009" | "F40013" | "F40015" | "F40022" | "F40029" | "F42301" | "F42302" | "F42303" | "F42304" | "F42305" | "F42306" | "F42307" | "F42308" | "F50000" | "F50401" | "F50402" | "F50403";
    msg: string;
    content: Schemas['FailureContent'];
  };
  FailureContent: {
    errors?: Schemas['FieldError'][];
    error?: Schemas['PluginError'];
    help?: string;
    request_id?: string;
    nearest?: string | null;
    matches?: string[];
    reason?: string;
    permissions_missing?: Record<string, unknown>[];
    permissions_added?: Record<string, unknown>[];
    findings?: Record<string, unknown>[];
    integrations?: string[];
    revision?: number | null;
    sync_id?: string;
    status?: "healthy" | "unhealthy";
    service?: "integration-service";
    timestamp?: string;
    version?: string;
    database?: "connected" | "disconnected";
    cache?: "connected" | "disconnected";
    sandbox?: "up" | "starting" | "down";
    barriers?: Record<string, boolean>;
    webhooks_active?: number | null;
    integrations_active?: number | null;
    plugins_installed?: number | null;
  };
  FieldError: {
    pointer: string;
    message: string;
    keyword: string;
    params: Record<string, unknown>;
  };
  FileDiff: {
    path: string;
    change: "added" | "removed" | "changed";
    added: number;
    removed: number;
    lines: ({
      kind: "same" | "added" | "removed";
      text: string;
    } | {
      kind: "same" | "added" | "removed";
      text: string;
    })[];
  };
  Finding: {
    rule: string;
    severity: "error" | "warning" | "info";
    file: string;
    line?: number;
    message: string;
    fix: string;
  };
  Health: {
    status: "healthy" | "unhealthy";
    service: "integration-service";
    timestamp: string;
    version: string;
    database: "connected" | "disconnected";
    cache: "connected" | "disconnected";
    sandbox: "up" | "starting" | "down";
    barriers: Record<string, boolean>;
    webhooks_active: number | null;
    integrations_active: number | null;
    plugins_installed: number | null;
  };
  HealthDetails: {
    uptime_s: number;
    rss_bytes: number;
    sandbox: {
      processes: Record<string, number>;
      isolates: number;
      rss_bytes: number;
      in_flight: number;
      queued: number;
      calls: number;
      errors: Record<string, number>;
      kills: Record<string, number>;
    };
    queues: Schemas['Queue'][];
  };
  Hook: {
    trigger: string;
    parent: string | null;
    url: string;
    made_by: "handler" | "person";
    is_subscribed: boolean;
    expires_at: string | null;
    last_received_at: string | null;
  };
  HookSecret: {
    url: string;
    secret: string;
  };
  HookSecretRequest: {
    secret?: string;
    choice?: string;
  };
  Hooks: {
    hooks: Schemas['Hook'][];
  };
  HostCall: {
    op: string;
    detail?: string;
    ok: boolean;
    ms: number;
    at_ms?: number;
    permission?: string;
  };
  Imported: {
    origin: string;
    publishers: string[];
    releases: string[];
    left_out: string[];
  };
  Integration: {
    id: string;
    project_id: string;
    plugin_id?: string;
    integration_type: string;
    service_type: string;
    provider?: string | null;
    name: string;
    description?: string | null;
    logo_url?: string | null;
    configuration: Record<string, unknown>;
    auth_config: Schemas['AuthSummary'];
    choices?: Schemas['Choice'][] | null;
    choice?: string | null;
    sync_settings?: Schemas['SyncSettings'];
    status: "active" | "inactive" | "error" | "pending_setup";
    last_sync_at?: string | null;
    sync_error_message?: string | null;
    help?: string | null;
    metadata?: Record<string, unknown>;
    is_public?: boolean;
    rate_limit_per_hour?: number | null;
    rate_limit_per_day?: number | null;
    created_by?: string;
    created_at?: string;
    updated_at?: string;
  };
  IntegrationChange: {
    name?: string;
    description?: string | null;
    logo_url?: string | null;
    configuration?: Record<string, unknown>;
    auth_config?: Record<string, unknown>;
    sync_settings?: Schemas['SyncSettings'];
    scopes?: string[];
    rate_limit_per_hour?: number | null;
    rate_limit_per_day?: number | null;
    is_public?: boolean;
    metadata?: Record<string, unknown>;
    last_sync_at?: string | null;
    status?: "active" | "inactive";
    choice?: string;
  };
  IntegrationLog: {
    id: string;
    action: string;
    level: "info" | "error";
    message: string;
    actor?: string | null;
    details?: Record<string, unknown>;
    created_at: string;
  };
  IntegrationTest: {
    ok: boolean;
    account: string | null;
    invocation_id: string | null;
    error: string | null;
  };
  IntegrationType: {
    type: string;
    plugin: string;
    name: string;
    description: string;
    category: string;
    service_type: string;
    auth_types: string[];
    streams: string[];
    actions: string[];
    is_installed: boolean;
  };
  IntegrationTypeSchema: {
    type: string;
    plugin: string;
    configuration: Record<string, unknown>;
    auth: {
      name: string;
      type: string;
      title: string;
      fields: Record<string, unknown>;
      scopes: {
        scope: string;
        optional: boolean;
        reason: string;
      }[];
    }[];
    app: Record<string, unknown>;
    sync: {
      streams: ({
        name: string;
        title: string;
        model: string | null;
        modes: string[];
        source: string;
      })[];
      sync_interval: string[];
    };
    permissions: Record<string, unknown>[];
  };
  Invitation: {
    id: string;
    email: string | null;
    role: "viewer" | "developer" | "admin" | "owner";
    expires_at: string;
    created_at: string;
    token?: string;
    url?: string;
  };
  Invocation: {
    id: string;
    plugin_id?: string;
    plugin: string;
    version: string;
    is_canary?: boolean;
    handler: string;
    project_id?: string | null;
    integration_id?: string | null;
    cause?: {
      kind: string;
      id: string;
      label?: string | null;
    };
    status: "succeeded" | "failed" | "timed_out";
    error?: Schemas['InvocationError'];
    started_at: string;
    duration_ms: number;
    cpu_ms?: number;
    heap_bytes?: number;
    bytes_in?: number;
    bytes_out?: number;
    attempt?: number;
    host_call_count?: number;
    denied_count?: number;
    has_recording?: boolean;
    continues?: string | null;
    part?: number;
    continued_by?: string | null;
  };
  InvocationDetail: {
    id: string;
    plugin_id?: string;
    plugin: string;
    version: string;
    is_canary?: boolean;
    handler: string;
    project_id?: string | null;
    integration_id?: string | null;
    cause?: {
      kind: string;
      id: string;
      label?: string | null;
    };
    status: "queued" | "running" | "succeeded" | "failed" | "timed_out";
    error?: Schemas['InvocationError'];
    started_at: string;
    duration_ms: number;
    cpu_ms?: number;
    heap_bytes?: number;
    bytes_in?: number;
    bytes_out?: number;
    attempt?: number;
    host_call_count?: number;
    denied_count?: number;
    has_recording?: boolean;
    continues?: string | null;
    part?: number;
    continued_by?: string | null;
    input_head?: string;
    output_head?: string | null;
    output?: unknown;
    next_at?: string;
    host_calls: Schemas['HostCall'][];
    denied?: Schemas['DeniedCall'][];
    logs: Schemas['LogLine'][];
  };
  InvocationError: {
    type: string;
    name?: string | null;
    message: string;
    stack?: string | null;
  } | {
    type: string;
    name?: string | null;
    message: string;
    stack?: string | null;
  };
  Job: {
    id: string;
    kind: string;
    state: "ready" | "waiting" | "blocked" | "running" | "done" | "dead";
    attempts: number;
    losses: number;
    run_at: string;
    next_at: string | null;
    created_at: string;
    finished_at: string | null;
    error: {
      type: string;
      message: string;
      at: string;
    } | null;
  };
  ListedRelease: {
    name: string;
    version: string;
    publisher?: string;
    state: "submitted" | "published" | "yanked" | "rejected";
    state_reason?: string | null;
    digest?: string;
    integrity: string;
    signatures: Schemas['Signature'][];
    size?: number;
    handlers?: string[];
    is_verified?: boolean;
    verified_at?: string | null;
    verified_by?: string | null;
    verified_reason?: string | null;
    deprecated?: Schemas['Deprecation'];
    published_at?: string;
    log_index?: number | null;
    download_count?: number;
    findings_count: {
      error: number;
      warning: number;
      info: number;
    };
  };
  Listing: {
    name: string;
    display_name: string;
    description?: string;
    publisher: string;
    version: string | null;
    categories?: string[];
    keywords?: string[];
    auth_types?: string[];
    permissions?: string[];
    integration_type?: string | null;
    engines?: string;
    is_verified?: boolean;
    is_signed?: boolean;
    is_deprecated?: boolean;
    is_first_party?: boolean;
    is_blocked?: boolean;
    icon?: string | null;
    download_count?: number;
    rating?: number;
    review_count?: number;
    updated_at?: string | null;
    origin?: string | null;
    risk: Schemas['Risk'];
    health?: Schemas['MeasuredHealth'];
  };
  LogEntry: {
    index: number;
    kind: string;
    subject: string;
    version: string | null;
    leaf: string;
    at: string;
  };
  LogLine: {
    level: "debug" | "info" | "warn" | "error";
    message: string;
    fields?: Record<string, unknown>;
    at: string;
    invocation_id: string;
    handler: string;
  };
  LogProof: {
    entry: Schemas['LogEntry'] | null;
    leaf_hash: string | null;
    inclusion: string[];
    consistency: string[];
    checkpoint: Schemas['Checkpoint'];
  };
  MarketplacePlugin: {
    name: string;
    display_name: string;
    description?: string;
    publisher: string;
    version: string | null;
    categories?: string[];
    keywords?: string[];
    auth_types?: string[];
    permissions?: string[];
    integration_type?: string | null;
    engines?: string;
    is_verified?: boolean;
    is_signed?: boolean;
    is_deprecated?: boolean;
    is_first_party?: boolean;
    is_blocked?: boolean;
    icon?: string | null;
    download_count?: number;
    rating?: number;
    review_count?: number;
    updated_at?: string | null;
    origin?: string | null;
    risk: Schemas['Risk'];
    health?: Schemas['MeasuredHealth'];
    author?: string | null;
    license?: string | null;
    repository_url?: string | null;
    documentation_url?: string | null;
    support_url?: string | null;
    privacy_url?: string | null;
    versions: Schemas['Release'][];
    manifest: Record<string, unknown>;
    permissions_asked: Schemas['Permission'][];
    configuration_schema?: Record<string, unknown>;
    readme?: string | null;
    changelog?: string | null;
    screenshots?: string[];
    block_reason?: string | null;
    ratings?: Record<string, number>;
  };
  MeasuredHealth: {
    calls: number;
    crash_free: number;
    p95_ms: number;
  } | {
    calls: number;
    crash_free: number;
    p95_ms: number;
  };
  Member: {
    user_id: string;
    email: string;
    name: string;
    role: "viewer" | "developer" | "admin" | "owner";
    joined_at: string;
  };
  MigratedLevel: {
    project_id: string | null;
    is_changed: boolean;
    errors: {
      pointer: string;
      message: string;
    }[];
  };
  NewApiKey: {
    id: string;
    name: string;
    mode: "live" | "test";
    prefix: string;
    scopes: ("plugins:read" | "plugins:write" | "integrations:read" | "integrations:write" | "integrations:run" | "webhooks:read" | "webhooks:write" | "events:write" | "records:read" | "registry:publish" | "admin")[];
    project_id: string | null;
    rate_limit_per_hour: number | null;
    rate_limit_per_day: number | null;
    ip_allowlist: string[];
    status: "active" | "expired" | "revoked";
    expires_at: string | null;
    last_used_at: string | null;
    usage_count: number;
    rotated_to: string | null;
    created_by: string;
    created_at: string;
    key: string;
  };
  NewIntegration: {
    name?: string;
    description?: string | null;
    logo_url?: string | null;
    configuration?: Record<string, unknown>;
    auth_config?: Record<string, unknown>;
    sync_settings?: Schemas['SyncSettings'];
    scopes?: string[];
    rate_limit_per_hour?: number | null;
    rate_limit_per_day?: number | null;
    is_public?: boolean;
    metadata?: Record<string, unknown>;
    last_sync_at?: string | null;
    project_id?: string;
    integration_type?: string;
    provider?: string;
    service_type?: string;
  };
  NewWebhook: {
    name: string;
    url: string;
    events: string[];
    filter?: Record<string, unknown> | null;
    headers?: Record<string, string>;
    is_active?: boolean;
    retry_config?: Schemas['RetryConfig'];
    timeout_seconds?: number;
    order_key?: string | null;
    integration_id?: string | null;
    project_id?: string;
    secret?: string;
  };
  OAuthBegun: {
    authorization_url: string;
    auth_url: string;
    state: string;
  };
  OAuthCallback: {
    code?: string;
    state: string;
    iss?: string;
    error?: string;
    error_description?: string;
    oauth_token?: string;
    oauth_verifier?: string;
    denied?: string;
  };
  OAuthClient: {
    integration_type: string;
    client_id: string | null;
    fields: string[];
    source: "workspace" | "environment" | "none";
    redirect_uri: string;
  };
  OAuthInitiate: {
    integration_type: string;
    project_id?: string;
    scopes?: string[];
    redirect_uri?: string;
    additional_params?: Record<string, string>;
  };
  OAuthReconnect: {
    scopes?: string[];
    redirect_uri?: string;
    additional_params?: Record<string, string>;
  };
  OwnWorkspace: {
    id: string;
    name: string;
    role: "viewer" | "developer" | "admin" | "owner";
  };
  PackageStats: {
    name: string;
    installs: number;
    versions: Record<string, number>;
    downloads: Record<string, number>;
    errors: Schemas['ErrorGroup'][];
    health: Schemas['MeasuredHealth'];
  };
  Permission: {
    name: string;
    reason?: string | Record<string, string>;
    optional?: boolean;
    hosts?: string[];
    methods?: string[];
    paths?: string[];
    private?: boolean;
    service?: string;
    max_bytes?: number;
    types?: string[];
    models?: string[];
    auth?: string;
  };
  PermissionReport: {
    declared: Schemas['Permission'][];
    granted: Schemas['Permission'][];
    used: Schemas['PermissionUse'][];
  };
  PermissionUse: {
    name: string;
    used: number;
    last_used_at: string | null;
    denied: number;
    last_denied_at: string | null;
  };
  PlannedSettings: {
    name: string;
    state: "missing" | "same" | "changes";
    installed_version: string | null;
    wanted_version: string;
    permissions_missing?: Record<string, unknown>[];
    added: string[];
    changed: string[];
    removed: string[];
    secrets_missing?: string[];
    is_active?: boolean | null;
    errors?: {
      pointer: string;
      message: string;
    }[];
  };
  Plugin: {
    id: string;
    name: string;
    display_name: string;
    version: string;
    description: string;
    author?: string | null;
    repository_url?: string | null;
    documentation_url?: string | null;
    manifest?: Record<string, unknown>;
    permissions: Schemas['Permission'][];
    configuration_schema?: Record<string, unknown>;
    is_enabled: boolean;
    is_verified: boolean;
    verification_date?: string | null;
    download_count?: number;
    rating?: number;
    review_count?: number;
    installed_by?: string;
    installed_at?: string;
    available_version?: string | null;
    status: "ok" | "disabled" | "suspect" | "blocked" | "tampered";
    status_reason?: string | null;
    source?: "marketplace" | "sideload";
    pinned?: boolean;
    auto_upgrade?: "manual" | "patch" | "minor";
    jitless?: boolean;
    is_recording?: boolean;
    previous_version?: string | null;
    canary_version?: string | null;
    integration_type?: string | null;
    icon?: string | null;
    deprecated?: Schemas['Deprecation'];
    release_state?: string | null;
    release_state_reason?: string | null;
  };
  PluginActionAnswer: {
    output: unknown;
    invocation_id: string;
    duration_ms: number;
  };
  PluginError: {
    type: string;
    message: string;
    plugin: string;
    version: string;
    invocation_id: string;
  };
  PluginLimits: {
    cpu_ms?: number;
    wall_ms?: number;
    heap_mb?: number;
    payload_bytes?: number;
    received_bytes?: number;
    nodes?: number;
    depth?: number;
    host_calls?: number;
    host_calls_at_once?: number;
    log_lines?: number;
    log_bytes?: number;
    timers?: number;
    concurrency?: number;
    queue?: number;
  } | {
    cpu_ms?: number;
    wall_ms?: number;
    heap_mb?: number;
    payload_bytes?: number;
    received_bytes?: number;
    nodes?: number;
    depth?: number;
    host_calls?: number;
    host_calls_at_once?: number;
    log_lines?: number;
    log_bytes?: number;
    timers?: number;
    concurrency?: number;
    queue?: number;
  };
  PluginMetrics: {
    since: string;
    calls: number;
    errors: number;
    by_error?: Record<string, number>;
    cpu_ms?: number;
    heap_bytes?: number;
    host_calls?: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
    over_time: Schemas['PluginMetricsBucket'][];
  };
  PluginMetricsBucket: {
    at: string;
    calls: number;
    errors: number;
    cpu_ms?: number;
    heap_bytes?: number;
    host_calls?: number;
    p50_ms: number;
    p95_ms: number;
    p99_ms: number;
  };
  PluginSettings: {
    name: string;
    version: string;
    permissions: Record<string, unknown>[];
    is_active: boolean | null;
    configuration: Record<string, unknown>;
    secrets: string[];
  };
  Policies: {
    site: Schemas['Policy'];
    workspace: Schemas['Policy'];
    effective: Schemas['Policy'];
  };
  Policy: {
    verified_only: boolean;
    cooldown_hours: number;
    blocked_publishers: string[];
    allow_sideload: boolean;
  };
  Project: {
    id: string;
    name: string;
    description: string;
    time_zone: string;
    is_default: boolean;
    created_by: string | null;
    created_at: string;
    updated_at: string;
  };
  PublicKey: {
    kty: string;
    crv: string;
    x: string;
    kid: string;
    alg: string;
    use: string;
  };
  Published: {
    release: Schemas['Release'];
    is_new: boolean;
    findings: Schemas['Finding'][];
  };
  Publisher: {
    name: string;
    display_name: string;
    is_first_party: boolean;
    origin?: string | null;
    keys: Schemas['PublisherKey'][];
    created_at: string;
  };
  PublisherKey: {
    key_id: string;
    public_key: string;
    added_at: string;
    revoked_at: string | null;
    revoked_reason?: string | null;
  };
  PublisherMember: {
    user_id: string;
    email?: string | null;
    role: "owner" | "member";
  };
  PushAnswer: {
    counts: Schemas['SyncCounts'];
    errors: {
      pointer: string;
      message: string;
    }[];
  };
  PushedRecords: {
    records: Record<string, unknown>[];
  };
  Queue: {
    kind: string;
    ready: number;
    waiting: number;
    blocked: number;
    running: number;
    dead: number;
    oldest_ready_at: string | null;
  };
  Record: {
    id: string;
    integration_id: string;
    integration_type: string;
    project_id?: string;
    stream: string;
    model: string | null;
    external_id: string;
    data: Record<string, unknown> | null;
    raw: Record<string, unknown>;
    first_seen_at?: string;
    last_seen_at?: string;
    updated_at: string;
    deleted_at: string | null;
  };
  Recording: {
    plugin: string;
    version: string;
    digest?: string;
    handler: string;
    use: "call" | "job";
    started_at?: string;
    args: unknown[];
    context: Record<string, unknown>;
    grants: Record<string, unknown>[];
    seed: string;
    clock: number[];
    host_calls: Record<string, unknown>[];
    is_cut?: boolean;
    outcome: Record<string, unknown>;
  };
  RegistryLog: {
    entries: Schemas['LogEntry'][];
    total: number;
    checkpoint: Schemas['Checkpoint'];
  };
  RegistryPackage: {
    package: Schemas['Listing'];
    versions: Schemas['Release'][];
  };
  Release: {
    name: string;
    version: string;
    publisher?: string;
    state: "submitted" | "published" | "yanked" | "rejected";
    state_reason?: string | null;
    digest?: string;
    integrity: string;
    signatures: Schemas['Signature'][];
    size?: number;
    handlers?: string[];
    is_verified?: boolean;
    verified_at?: string | null;
    verified_by?: string | null;
    verified_reason?: string | null;
    deprecated?: Schemas['Deprecation'];
    published_at?: string;
    log_index?: number | null;
    download_count?: number;
  };
  ReleaseDetail: {
    name: string;
    version: string;
    publisher?: string;
    state: "submitted" | "published" | "yanked" | "rejected";
    state_reason?: string | null;
    digest?: string;
    integrity: string;
    signatures: Schemas['Signature'][];
    size?: number;
    handlers?: string[];
    is_verified?: boolean;
    verified_at?: string | null;
    verified_by?: string | null;
    verified_reason?: string | null;
    deprecated?: Schemas['Deprecation'];
    published_at?: string;
    log_index?: number | null;
    download_count?: number;
    manifest: Record<string, unknown>;
    readme?: string | null;
    changelog?: string | null;
    icon?: string | null;
    screenshots?: string[];
  };
  ReleaseDiff: {
    from: string | null;
    permissions: {
      added: Schemas['Permission'][];
      removed: Schemas['Permission'][];
    };
    files: Schemas['FileDiff'][];
  };
  RetryConfig: {
    max_retries?: number;
    retry_delay?: number;
    backoff_multiplier?: number;
    schedule?: "standard";
  };
  Review: {
    name: string;
    author: string;
    rating: number;
    text: string;
    version: string;
    is_mine?: boolean;
    created_at: string;
    updated_at: string;
  };
  Risk: {
    score: number;
    points: ({
      points: number;
      name: string;
      about: string | null;
      why: string;
    })[];
  };
  Session: {
    id: string;
    kind: "browser" | "tokens" | "device";
    is_current: boolean;
    address: string;
    user_agent: string;
    created_at: string;
    last_used_at: string;
    expires_at: string;
  };
  SettingsFile: {
    format: "patchbay settings 1";
    exported_at: string;
    plugins: Schemas['PluginSettings'][];
  };
  SettingsPlan: {
    is_applied: boolean;
    plugins: Schemas['PlannedSettings'][];
  };
  Signature: {
    key_id: string;
    signature: string;
  };
  SignedIn: {
    access_token?: string;
    refresh_token?: string;
    expires_in?: number;
    user: Schemas['User'];
    workspaces: Schemas['OwnWorkspace'][];
    workspace_id?: string;
  };
  Sync: {
    id: string;
    integration_id: string;
    project_id?: string;
    sync_type: "full" | "incremental" | "delta";
    status: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
    streams?: string[];
    started_at?: string | null;
    finished_at?: string | null;
    counts: Schemas['SyncCounts'];
    cursor?: Record<string, unknown> | null;
    progress: {
      stream: string | null;
      done: number;
      of: number | null;
      streams_done: number;
      streams_of: number;
    };
    errors: Schemas['SyncError'][];
    created_at: string;
  };
  SyncCounts: {
    read: number;
    created: number;
    updated: number;
    deleted: number;
    failed: number;
  };
  SyncError: {
    kind: string;
    stream: string;
    parent?: string | null;
    pointer?: string;
    message: string;
    help?: string;
    at: string;
  };
  SyncRequest: {
    sync_type?: "full" | "incremental" | "delta";
    force?: boolean;
    streams?: string[];
  };
  SyncSettings: {
    sync_interval?: string;
    auto_sync?: boolean;
    streams?: string[];
    time_zone?: string;
    retention_days?: number | null;
  };
  Timings: {
    connect_ms: number | null;
    head_ms: number;
    body_ms: number;
  };
  UpgradePlan: {
    from_version: string;
    to_version: string;
    published_at?: string | null;
    code_size?: {
      from: number;
      to: number;
    };
    permissions_added: Schemas['Permission'][];
    permissions_removed: Schemas['Permission'][];
    configuration: {
      settings_added: string[];
      settings_removed: string[];
      migration: string | null;
      levels: Schemas['MigratedLevel'][];
    };
    findings?: Schemas['Finding'][];
    health?: Schemas['MeasuredHealth'];
    can_apply: boolean;
  };
  Upgraded: {
    plugin: Schemas['Plugin'];
    plan: Schemas['UpgradePlan'] | null;
  };
  UsedLimit: {
    subject: string;
    window_s: number;
    limit: number;
    used: number;
    remaining: number;
    reset_at: string;
  };
  User: {
    id: string;
    email: string;
    name: string;
    site_roles: ("operator" | "reviewer")[];
    totp_active: boolean;
    last_login_at: string | null;
    created_at: string;
  };
  VendorLimit: {
    allowed: boolean;
    remaining: number | null;
    reset_at: string | null;
    queued: number;
  };
  Webhook: {
    id: string;
    project_id: string;
    name: string;
    url: string;
    events: string[];
    filter: Record<string, unknown> | null;
    headers: Record<string, string>;
    secret: string;
    public_keys: string[];
    is_active: boolean;
    disabled_reason: string | null;
    retry_config: Schemas['RetryConfig'];
    timeout_seconds: number;
    order_key: string | null;
    integration_id: string | null;
    last_triggered_at: string | null;
    success_count: number;
    failure_count: number;
    consecutive_failures: number;
    created_by: string;
    created_at: string;
    updated_at: string;
  };
  WebhookChange: {
    name?: string;
    url?: string;
    events?: string[];
    filter?: Record<string, unknown> | null;
    headers?: Record<string, string>;
    is_active?: boolean;
    retry_config?: Schemas['RetryConfig'];
    timeout_seconds?: number;
    order_key?: string | null;
    integration_id?: string | null;
    secret?: string;
  };
  WebhookTest: {
    success: boolean;
    status_code: number;
    duration_ms: number;
    response_headers: Record<string, string> | null;
    response_head: string | null;
    error: string | null;
    address: string | null;
    timings: Schemas['Timings'] | null;
  };
  Workspace: {
    id: string;
    name: string;
    ip_allowlist: string[];
    redirect_uris: string[];
    limits: {
      requests_per_hour: number | null;
      requests_per_day: number | null;
      plugins: Schemas['PluginLimits'];
    };
    role?: "viewer" | "developer" | "admin" | "owner";
    created_at: string;
    updated_at: string;
  };
}

/** Every operation: what goes into its path, its query and its body, and the `content` that it answers. */
export interface Operations {
  /** Revoke an API key */
  'DELETE /api-keys/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Sign out elsewhere */
  'DELETE /auth/sessions': {
    params: {};
    query: {
      id?: string;
    };
    body: undefined;
    answer: {
      ended: number;
    };
  };
  /** Do without the authenticator app */
  'DELETE /auth/totp': {
    params: {};
    query: {};
    body: {
      password: string;
      code: string;
    };
    answer: Record<string, never>;
  };
  /** A vendor’s webhook for everybody who uses one app of ours */
  'DELETE /hooks/apps/{service}/{trigger}': {
    params: {
      service: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, proved by its signature */
  'DELETE /hooks/{integration_id}/{trigger}': {
    params: {
      integration_id: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, with the key of its address */
  'DELETE /hooks/{integration_id}/{trigger}/{key}': {
    params: {
      integration_id: string;
      trigger: string;
      key: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Forgets the workspace’s own OAuth app; the environment’s is used again */
  'DELETE /integrations/types/{type}/oauth-client': {
    params: {
      type: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Removes an integration: its webhooks and token at the vendor, its credential, schedule and records here */
  'DELETE /integrations/{id}': {
    params: {
      id: string;
    };
    query: {
      keep?: "records";
    };
    body: undefined;
    answer: Record<string, never>;
  };
  /** Take an invitation back */
  'DELETE /invitations/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Uninstall a plugin with everything of it */
  'DELETE /plugins/{id}': {
    params: {
      id: string;
    };
    query: {
      keep?: string;
      force?: boolean;
    };
    body: undefined;
    answer: Record<string, never>;
  };
  /** End the trial; the stable release serves everybody */
  'DELETE /plugins/{id}/canary': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Forget what this level says */
  'DELETE /plugins/{id}/configuration': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
    };
    body: undefined;
    answer: Record<string, never>;
  };
  /** Delete a project that nothing uses any more */
  'DELETE /projects/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Let a blocked package run again */
  'DELETE /registry/plugins/{name}/block': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Take your rating back */
  'DELETE /registry/plugins/{name}/reviews': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Revoke a signing key: nothing signed with it alone is published or installed any more */
  'DELETE /registry/publishers/{name}/keys/{key_id}': {
    params: {
      name: string;
      key_id: string;
    };
    query: {
      reason?: string;
    };
    body: undefined;
    answer: Record<string, never>;
  };
  /** Take a member out */
  'DELETE /registry/publishers/{name}/members/{user_id}': {
    params: {
      name: string;
      user_id: string;
    };
    query: {};
    body: undefined;
    answer: {
      members: Schemas['PublisherMember'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Deletes a webhook */
  'DELETE /webhooks/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** Take a member out, or leave oneself */
  'DELETE /workspaces/{id}/members/{user_id}': {
    params: {
      id: string;
      user_id: string;
    };
    query: {};
    body: undefined;
    answer: Record<string, never>;
  };
  /** The API keys of the workspace, newest first */
  'GET /api-keys': {
    params: {};
    query: {
      page?: number;
      size?: number;
      project_id?: string;
      revoked?: boolean;
    };
    body: undefined;
    answer: {
      api_keys: Schemas['ApiKey'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One API key */
  'GET /api-keys/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['ApiKey'];
  };
  /** Who changed what, newest first */
  'GET /audit': {
    params: {};
    query: {
      page?: number;
      size?: number;
      actor?: string;
      action?: string;
      target?: string;
      since?: string;
      until?: string;
      format?: "json" | "jsonl";
    };
    body: undefined;
    answer: {
      entries: Schemas['AuditEntry'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** The public keys of our access tokens */
  'GET /auth/jwks': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      keys: Schemas['PublicKey'][];
    };
  };
  /** Who am I */
  'GET /auth/me': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      user: Schemas['User'];
      workspace_id: string | null;
      role: string | null;
      workspaces: Schemas['OwnWorkspace'][];
    };
  };
  /** Platforms that connect by OAuth */
  'GET /auth/platforms': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      platforms: {
        platform: string;
        name: string;
        scopes: string[];
        redirect_uri: string;
      }[];
    };
  };
  /** Where this account is signed in */
  'GET /auth/sessions': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      sessions: Schemas['Session'][];
    };
  };
  /** Where this platform sends the browser back to: the address to register there */
  'GET /auth/{platform}/callback': {
    params: {
      platform: string;
    };
    query: {
      code?: string;
      state?: string;
      iss?: string;
      error?: string;
      error_description?: string;
      oauth_token?: string;
      oauth_verifier?: string;
      denied?: string;
      error_uri?: string;
      scope?: string;
      location?: string;
      "accounts-server"?: string;
      shop?: string;
      hmac?: string;
      host?: string;
      timestamp?: string;
      realmId?: string;
      authuser?: string;
      prompt?: string;
      hd?: string;
      session_state?: string;
    };
    body: undefined;
    answer: unknown;
  };
  /** The same, platform first */
  'GET /auth/{platform}/url': {
    params: {
      platform: string;
    };
    query: {
      project_id?: string;
      scopes?: string;
      redirect_uri?: string;
    };
    body: undefined;
    answer: Schemas['OAuthBegun'];
  };
  /** Recent events, newest first */
  'GET /events': {
    params: {};
    query: {
      page?: number;
      size?: number;
      type?: string;
      since?: string;
      project_id?: string;
    };
    body: undefined;
    answer: {
      events: Schemas['Event'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One event */
  'GET /events/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Event'];
  };
  /** What is up, what is down, and how much there is */
  'GET /health': {
    params: {};
    query: {};
    body: undefined;
    answer: Schemas['Health'];
  };
  /** Sandbox processes of this node and the queues of the site, in counts */
  'GET /health/details': {
    params: {};
    query: {};
    body: undefined;
    answer: Schemas['HealthDetails'];
  };
  /** Whether this node takes work now */
  'GET /health/ready': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      ready: boolean;
    };
  };
  /** A vendor’s webhook for everybody who uses one app of ours */
  'GET /hooks/apps/{service}/{trigger}': {
    params: {
      service: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, proved by its signature */
  'GET /hooks/{integration_id}/{trigger}': {
    params: {
      integration_id: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, with the key of its address */
  'GET /hooks/{integration_id}/{trigger}/{key}': {
    params: {
      integration_id: string;
      trigger: string;
      key: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Integrations, newest first */
  'GET /integrations': {
    params: {};
    query: {
      page?: number;
      size?: number;
      project_id?: string;
      integration_type?: string;
      service_type?: string;
      status?: "active" | "inactive" | "error" | "pending_setup";
      include_public?: boolean;
    };
    body: undefined;
    answer: {
      integrations: Schemas['Integration'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Where a vendor sends the browser back to */
  'GET /integrations/oauth/callback': {
    params: {};
    query: {
      code?: string;
      state?: string;
      iss?: string;
      error?: string;
      error_description?: string;
      oauth_token?: string;
      oauth_verifier?: string;
      denied?: string;
      error_uri?: string;
      scope?: string;
      location?: string;
      "accounts-server"?: string;
      shop?: string;
      hmac?: string;
      host?: string;
      timestamp?: string;
      realmId?: string;
      authuser?: string;
      prompt?: string;
      hd?: string;
      session_state?: string;
    };
    body: undefined;
    answer: unknown;
  };
  /** What can be connected: the types of installed and published plugins */
  'GET /integrations/types': {
    params: {};
    query: {
      page?: number;
      size?: number;
      category?: string;
      service_type?: string;
    };
    body: undefined;
    answer: {
      types: Schemas['IntegrationType'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** The OAuth app that this workspace uses for a type, without its secrets */
  'GET /integrations/types/{type}/oauth-client': {
    params: {
      type: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['OAuthClient'];
  };
  /** What a form needs to connect a type: settings, ways to authorise, what can be synced */
  'GET /integrations/types/{type}/schema': {
    params: {
      type: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['IntegrationTypeSchema'];
  };
  /** One integration; its credentials never come back */
  'GET /integrations/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Integration'];
  };
  /** The addresses that the vendor’s webhooks call; whoever has one can try it */
  'GET /integrations/{id}/hooks': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Hooks'];
  };
  /** What happened to an integration, newest first */
  'GET /integrations/{id}/logs': {
    params: {
      id: string;
    };
    query: {
      page?: number;
      size?: number;
      level?: "info" | "error";
    };
    body: undefined;
    answer: {
      logs: Schemas['IntegrationLog'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** What is left of the vendor’s limit */
  'GET /integrations/{id}/rate-limit': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['VendorLimit'];
  };
  /** Synced records of an integration, those that changed last at the end */
  'GET /integrations/{id}/records': {
    params: {
      id: string;
    };
    query: {
      page?: number;
      size?: number;
      stream?: string;
      since?: string;
      deleted?: "false" | "true" | "only";
      format?: "json" | "jsonl" | "csv";
    };
    body: undefined;
    answer: {
      records: Schemas['Record'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Syncs of an integration, newest first */
  'GET /integrations/{id}/sync/logs': {
    params: {
      id: string;
    };
    query: {
      page?: number;
      size?: number;
      status?: "queued" | "running" | "succeeded" | "partial" | "failed" | "cancelled";
    };
    body: undefined;
    answer: {
      logs: Schemas['Sync'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One sync; as it goes with `Accept: text/event-stream` */
  'GET /integrations/{id}/sync/{sync_id}': {
    params: {
      id: string;
      sync_id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Sync'];
  };
  /** Open invitations */
  'GET /invitations': {
    params: {};
    query: {
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      invitations: Schemas['Invitation'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One call with its trace */
  'GET /invocations/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['InvocationDetail'];
  };
  /** What `patchbay replay` needs to run a call again; kept for 7 days, unless is_recording of the plugin is off or it is too large */
  'GET /invocations/{id}/recording': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Recording'];
  };
  /** What is to be done, is being done, and was done lately; newest first */
  'GET /jobs': {
    params: {};
    query: {
      page?: number;
      size?: number;
      state?: "ready" | "waiting" | "blocked" | "running" | "done" | "dead";
      kind?: string;
      level?: "workspace" | "site";
    };
    body: undefined;
    answer: {
      jobs: Schemas['Job'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Metrics for Prometheus: for the admin scope, or from this machine itself */
  'GET /metrics': {
    params: {};
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** This API as an OpenAPI 3.1 document */
  'GET /openapi.json': {
    params: {};
    query: {};
    body: undefined;
    answer: Record<string, unknown>;
  };
  /** The plugins that this workspace runs */
  'GET /plugins': {
    params: {};
    query: {
      is_enabled?: boolean;
      is_verified?: boolean;
      sort_by?: "rating" | "downloads" | "installed_at" | "name";
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      plugins: Schemas['Plugin'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Find plugins */
  'GET /plugins/marketplace': {
    params: {};
    query: {
      search?: string;
      category?: string;
      auth_type?: string;
      permission?: string;
      publisher?: string;
      verified?: boolean;
      compatible?: boolean;
      sort_by?: "rating" | "downloads" | "name" | "updated_at" | "relevance";
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      plugins: Schemas['Listing'][];
      total: number;
      page: number;
      size: number;
      facets: Schemas['Facets'];
    };
  };
  /** One plugin of the marketplace, with everything that helps to decide */
  'GET /plugins/marketplace/{name}': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['MarketplacePlugin'];
  };
  /** One installed plugin */
  'GET /plugins/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Plugin'];
  };
  /** How the release on trial does beside the stable one */
  'GET /plugins/{id}/canary': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Canary'];
  };
  /** The settings of a plugin, at one level and as a call sees them */
  'GET /plugins/{id}/configuration': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
    };
    body: undefined;
    answer: Schemas['Configuration'];
  };
  /** Revisions of the settings, the latest first */
  'GET /plugins/{id}/configuration/history': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      revisions: Schemas['ConfigurationRevision'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Calls into a plugin, the latest first */
  'GET /plugins/{id}/invocations': {
    params: {
      id: string;
    };
    query: {
      status?: "succeeded" | "failed" | "timed_out";
      handler?: string;
      since?: string;
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      invocations: Schemas['Invocation'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** What a plugin logged, the latest call first; as it comes with `Accept: text/event-stream` */
  'GET /plugins/{id}/logs': {
    params: {
      id: string;
    };
    query: {
      level?: "debug" | "info" | "warn" | "error";
      since?: string;
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      logs: Schemas['LogLine'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Calls, errors, cost and percentiles of a plugin over time */
  'GET /plugins/{id}/metrics': {
    params: {
      id: string;
    };
    query: {
      hours?: number;
    };
    body: undefined;
    answer: Schemas['PluginMetrics'];
  };
  /** What a plugin declares, what it was granted, and what it used */
  'GET /plugins/{id}/permissions': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['PermissionReport'];
  };
  /** What may be installed: by the site, by this workspace, and the stricter of both */
  'GET /policy': {
    params: {};
    query: {};
    body: undefined;
    answer: Schemas['Policies'];
  };
  /** The projects of the workspace, by name */
  'GET /projects': {
    params: {};
    query: {
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      projects: Schemas['Project'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One project */
  'GET /projects/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Project'];
  };
  /** A project’s settings as one file, without secrets */
  'GET /projects/{id}/settings': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['SettingsFile'];
  };
  /** Records of one unified model across integrations */
  'GET /records/{model}': {
    params: {
      model: string;
    };
    query: {
      page?: number;
      size?: number;
      stream?: string;
      since?: string;
      deleted?: "false" | "true" | "only";
      format?: "json" | "jsonl" | "csv";
      project_id?: string;
      integration_id?: string;
      integration_type?: string;
    };
    body: undefined;
    answer: {
      records: Schemas['Record'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Packages with their keys and proofs in one file, for a host without network */
  'GET /registry/export': {
    params: {};
    query: {
      names?: string;
    };
    body: undefined;
    answer: unknown;
  };
  /** The registry’s log, oldest first: every publication and every change of trust */
  'GET /registry/log': {
    params: {};
    query: {
      after?: number;
      size?: number;
    };
    body: undefined;
    answer: Schemas['RegistryLog'];
  };
  /** That a line is in the log, and that the log still begins as it did */
  'GET /registry/log/proof': {
    params: {};
    query: {
      index?: number;
      since?: number;
    };
    body: undefined;
    answer: Schemas['LogProof'];
  };
  /** A package and its releases */
  'GET /registry/plugins/{name}': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['RegistryPackage'];
  };
  /** What people say of a plugin, the latest first */
  'GET /registry/plugins/{name}/reviews': {
    params: {
      name: string;
    };
    query: {
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      reviews: Schemas['Review'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** How a package is used on this site; for its publisher’s members, reviewers and operators */
  'GET /registry/plugins/{name}/stats': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['PackageStats'];
  };
  /** A release with its manifest */
  'GET /registry/plugins/{name}/versions/{version}': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['ReleaseDetail'];
  };
  /** What a release changes, line by line; for its publisher’s members, reviewers and operators */
  'GET /registry/plugins/{name}/versions/{version}/diff': {
    params: {
      name: string;
      version: string;
    };
    query: {
      from?: string;
    };
    body: undefined;
    answer: Schemas['ReleaseDiff'];
  };
  /** What the review of a release found; for its publisher’s members, reviewers and operators */
  'GET /registry/plugins/{name}/versions/{version}/findings': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: undefined;
    answer: {
      findings: Schemas['Finding'][];
    };
  };
  /** A picture of a release, as its `screenshots` names it */
  'GET /registry/plugins/{name}/versions/{version}/screenshots/{file}': {
    params: {
      name: string;
      version: string;
      file: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** The bytes of a release */
  'GET /registry/plugins/{name}/versions/{version}/tarball': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Namespaces of the registry */
  'GET /registry/publishers': {
    params: {};
    query: {
      mine?: boolean;
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      publishers: Schemas['Publisher'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** A namespace with its keys */
  'GET /registry/publishers/{name}': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Publisher'];
  };
  /** The signing keys of a namespace, revoked ones too */
  'GET /registry/publishers/{name}/keys': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: {
      keys: Schemas['PublisherKey'][];
    };
  };
  /** Who may publish there; for its members */
  'GET /registry/publishers/{name}/members': {
    params: {
      name: string;
    };
    query: {};
    body: undefined;
    answer: {
      members: Schemas['PublisherMember'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Releases of all packages, newest first: the reviewers’ queue, or with `publisher` what its members published */
  'GET /registry/releases': {
    params: {};
    query: {
      page?: number;
      size?: number;
      publisher?: string;
      name?: string;
      state?: "submitted" | "published" | "yanked" | "rejected";
      is_verified?: boolean;
    };
    body: undefined;
    answer: {
      releases: Schemas['ListedRelease'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Counts against limits: of the caller, of the workspace and, for admins, of its API keys */
  'GET /usage': {
    params: {};
    query: {};
    body: undefined;
    answer: {
      limits: Schemas['UsedLimit'][];
      counts: {
        members: number;
        projects: number;
        api_keys: number;
      };
    };
  };
  /** Webhooks, newest first */
  'GET /webhooks': {
    params: {};
    query: {
      page?: number;
      size?: number;
      project_id?: string;
      is_active?: boolean;
    };
    body: undefined;
    answer: {
      webhooks: Schemas['Webhook'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Event types that can be subscribed to and sent, with schema and sample */
  'GET /webhooks/events': {
    params: {};
    query: {
      page?: number;
      size?: number;
      search?: string;
    };
    body: undefined;
    answer: {
      events: Schemas['EventType'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One webhook */
  'GET /webhooks/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Webhook'];
  };
  /** Deliveries of a webhook with every attempt, newest first */
  'GET /webhooks/{id}/logs': {
    params: {
      id: string;
    };
    query: {
      page?: number;
      size?: number;
      status?: "pending" | "succeeded" | "failed";
    };
    body: undefined;
    answer: {
      logs: Schemas['Delivery'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** The workspaces one is a member of */
  'GET /workspaces': {
    params: {};
    query: {
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      workspaces: Schemas['Workspace'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** One workspace */
  'GET /workspaces/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Workspace'];
  };
  /** The members of a workspace */
  'GET /workspaces/{id}/members': {
    params: {
      id: string;
    };
    query: {
      page?: number;
      size?: number;
    };
    body: undefined;
    answer: {
      members: Schemas['Member'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** A vendor’s webhook for everybody who uses one app of ours */
  'PATCH /hooks/apps/{service}/{trigger}': {
    params: {
      service: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, proved by its signature */
  'PATCH /hooks/{integration_id}/{trigger}': {
    params: {
      integration_id: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, with the key of its address */
  'PATCH /hooks/{integration_id}/{trigger}/{key}': {
    params: {
      integration_id: string;
      trigger: string;
      key: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Changes what is given; new credentials replace the old ones whole */
  'PATCH /integrations/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['IntegrationChange'];
    answer: Schemas['Integration'];
  };
  /** Switch, pin, narrow an installed plugin */
  'PATCH /plugins/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: {
      is_enabled?: boolean;
      pinned?: boolean;
      auto_upgrade?: "manual" | "patch" | "minor";
      permissions?: (string | Schemas['Permission'])[];
      jitless?: boolean;
      is_recording?: boolean;
    };
    answer: Schemas['Plugin'];
  };
  /** Change a project */
  'PATCH /projects/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: {
      name?: string;
      description?: string;
      time_zone?: string;
    };
    answer: Schemas['Project'];
  };
  /** Changes a webhook; what is left out stays */
  'PATCH /webhooks/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['WebhookChange'];
    answer: Schemas['Webhook'];
  };
  /** Change a workspace */
  'PATCH /workspaces/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: {
      name?: string;
      ip_allowlist?: string[];
      redirect_uris?: string[];
      limits?: {
        requests_per_hour?: number | null;
        requests_per_day?: number | null;
        plugins?: Schemas['PluginLimits'];
      };
    };
    answer: Schemas['Workspace'];
  };
  /** Give a member another role */
  'PATCH /workspaces/{id}/members/{user_id}': {
    params: {
      id: string;
      user_id: string;
    };
    query: {};
    body: {
      role: "viewer" | "developer" | "admin" | "owner";
    };
    answer: Schemas['Member'];
  };
  /** Make an API key */
  'POST /api-keys': {
    params: {};
    query: {};
    body: {
      name: string;
      scopes: ("plugins:read" | "plugins:write" | "integrations:read" | "integrations:write" | "integrations:run" | "webhooks:read" | "webhooks:write" | "events:write" | "records:read" | "registry:publish" | "admin")[];
      mode?: "live" | "test";
      project_id?: string | null;
      rate_limit_per_hour?: number | null;
      rate_limit_per_day?: number | null;
      expires_at?: string | null;
      ip_allowlist?: string[];
    };
    answer: Schemas['NewApiKey'];
  };
  /** Make a key that takes over */
  'POST /api-keys/{id}/rotate': {
    params: {
      id: string;
    };
    query: {};
    body: {
      overlap_seconds?: number;
    } | undefined;
    answer: Schemas['NewApiKey'];
  };
  /** Begin to sign in from a program without a browser (RFC 8628) */
  'POST /auth/device': {
    params: {};
    query: {};
    body: {
      client_name?: string;
    } | undefined;
    answer: {
      device_code: string;
      user_code: string;
      verification_uri: string;
      verification_uri_complete: string;
      expires_in: number;
      interval: number;
    };
  };
  /** Let a program in that shows this code */
  'POST /auth/device/approval': {
    params: {};
    query: {};
    body: {
      user_code: string;
      approve?: boolean;
    };
    answer: {
      client_name: string;
      address: string;
      status: "pending" | "approved" | "denied";
      expires_at: string;
    };
  };
  /** Has the person decided? */
  'POST /auth/device/token': {
    params: {};
    query: {};
    body: {
      device_code: string;
    };
    answer: {
      status: "pending" | "denied" | "approved";
      interval?: number;
      signed_in?: Schemas['SignedIn'];
    };
  };
  /** Sign in */
  'POST /auth/login': {
    params: {};
    query: {};
    body: {
      email: string;
      password: string;
      totp?: string;
      session?: boolean;
    };
    answer: Schemas['SignedIn'];
  };
  /** End this session */
  'POST /auth/logout': {
    params: {};
    query: {};
    body: {
      refresh_token?: string;
    } | undefined;
    answer: Record<string, never>;
  };
  /** New tokens for a refresh token */
  'POST /auth/refresh': {
    params: {};
    query: {};
    body: {
      refresh_token: string;
    };
    answer: Schemas['SignedIn'];
  };
  /** Make an account, with a workspace of its own */
  'POST /auth/register': {
    params: {};
    query: {};
    body: {
      email: string;
      password: string;
      name?: string;
      invitation?: string;
      session?: boolean;
    };
    answer: Schemas['SignedIn'];
  };
  /** Become the first admin, with the link that the host printed at its first start */
  'POST /auth/setup': {
    params: {};
    query: {};
    body: {
      token: string;
      email: string;
      password: string;
      name?: string;
      session?: boolean;
    };
    answer: Schemas['SignedIn'];
  };
  /** Protect the account with an authenticator app */
  'POST /auth/totp': {
    params: {};
    query: {};
    body: {
      code?: string;
    } | undefined;
    answer: {
      is_active: boolean;
      secret?: string;
      otpauth_url?: string;
      recovery_codes?: string[];
    };
  };
  /** Announces an event once more, to the webhooks and listeners of now */
  'POST /events/{id}/replay': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: {
      event_id: string;
      webhooks_matched: number;
    };
  };
  /** A vendor’s webhook for everybody who uses one app of ours */
  'POST /hooks/apps/{service}/{trigger}': {
    params: {
      service: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, proved by its signature */
  'POST /hooks/{integration_id}/{trigger}': {
    params: {
      integration_id: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, with the key of its address */
  'POST /hooks/{integration_id}/{trigger}/{key}': {
    params: {
      integration_id: string;
      trigger: string;
      key: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Connects a project to an account at a vendor */
  'POST /integrations': {
    params: {};
    query: {};
    body: Schemas['NewIntegration'];
    answer: Schemas['Integration'];
  };
  /** Up to 100 operations, a result each */
  'POST /integrations/batch': {
    params: {};
    query: {};
    body: {
      operations: ({
        op: "create" | "update" | "delete" | "sync";
        id?: string;
      })[];
    };
    answer: {
      results: {
        op: string;
        code: string;
        msg: string;
        content: Record<string, unknown>;
      }[];
    };
  };
  /** The same for a program that took the redirect itself */
  'POST /integrations/oauth/callback': {
    params: {};
    query: {};
    body: Schemas['OAuthCallback'];
    answer: Schemas['Integration'];
  };
  /** Begins an OAuth connection: send the browser to the answered address */
  'POST /integrations/oauth/initiate': {
    params: {};
    query: {};
    body: Schemas['OAuthInitiate'];
    answer: Schemas['OAuthBegun'];
  };
  /** Runs an action with this account */
  'POST /integrations/{id}/actions/{action}': {
    params: {
      id: string;
      action: string;
    };
    query: {};
    body: Schemas['ActionInput'] | undefined;
    answer: Schemas['PluginActionAnswer'];
  };
  /** Sets or makes the secret of a hook, shown in this answer only; the old one stays good for a day */
  'POST /integrations/{id}/hooks/{trigger}/secret': {
    params: {
      id: string;
      trigger: string;
    };
    query: {};
    body: Schemas['HookSecretRequest'] | undefined;
    answer: Schemas['HookSecret'];
  };
  /** Connects an integration anew; it stays the same integration */
  'POST /integrations/{id}/oauth/initiate': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['OAuthReconnect'] | undefined;
    answer: Schemas['OAuthBegun'];
  };
  /** Gets a new access token now; one refresh at a time, over all nodes */
  'POST /integrations/{id}/oauth/refresh': {
    params: {
      id: string;
    };
    query: {};
    body: Record<string, unknown> | undefined;
    answer: Schemas['Integration'];
  };
  /** Takes the token back at the vendor, then forgets it */
  'POST /integrations/{id}/oauth/revoke': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Integration'];
  };
  /** Stores data that a person or a device brings, for streams declared `push` */
  'POST /integrations/{id}/push/{stream}': {
    params: {
      id: string;
      stream: string;
    };
    query: {};
    body: Schemas['PushedRecords'];
    answer: Schemas['PushAnswer'];
  };
  /** Gets a new access token now; one refresh at a time, over all nodes */
  'POST /integrations/{id}/refresh-token': {
    params: {
      id: string;
    };
    query: {};
    body: Record<string, unknown> | undefined;
    answer: Schemas['Integration'];
  };
  /** Starts a sync; one at a time */
  'POST /integrations/{id}/sync': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['SyncRequest'] | undefined;
    answer: Schemas['Sync'];
  };
  /** Stops a sync before its next page */
  'POST /integrations/{id}/sync/{sync_id}/cancel': {
    params: {
      id: string;
      sync_id: string;
    };
    query: {};
    body: Record<string, unknown> | undefined;
    answer: Schemas['Sync'];
  };
  /** Asks the vendor who we are */
  'POST /integrations/{id}/test': {
    params: {
      id: string;
    };
    query: {};
    body: Record<string, unknown> | undefined;
    answer: Schemas['IntegrationTest'];
  };
  /** Invite somebody */
  'POST /invitations': {
    params: {};
    query: {};
    body: {
      email: string;
      role: "viewer" | "developer" | "admin" | "owner";
    };
    answer: Schemas['Invitation'];
  };
  /** Take an invitation: signed in, with the password of an account, or with a new account */
  'POST /invitations/{token}/accept': {
    params: {
      token: string;
    };
    query: {};
    body: {
      email?: string;
      password?: string;
      name?: string;
      totp?: string;
      session?: boolean;
    } | undefined;
    answer: Schemas['SignedIn'];
  };
  /** Tries a dead job again */
  'POST /jobs/{id}/retry': {
    params: {
      id: string;
    };
    query: {
      level?: "workspace" | "site";
    };
    body: undefined;
    answer: Schemas['Job'];
  };
  /** Install a plugin from the marketplace, with the permissions that are granted */
  'POST /plugins': {
    params: {};
    query: {};
    body: {
      name: string;
      version?: string;
      permissions?: (string | Schemas['Permission'])[];
      is_enabled?: boolean;
      manifest?: Record<string, unknown>;
      bundle?: string;
      description?: string;
      author?: string;
      repository_url?: string;
      documentation_url?: string;
      configuration_schema?: Record<string, unknown>;
      is_verified?: boolean;
    };
    answer: Schemas['Plugin'];
  };
  /** Run an action of a plugin, without an integration */
  'POST /plugins/{id}/actions/{action}': {
    params: {
      id: string;
      action: string;
    };
    query: {};
    body: {
      input?: unknown;
      project_id?: string;
    };
    answer: Schemas['PluginActionAnswer'];
  };
  /** Configure a plugin for the first time at this level */
  'POST /plugins/{id}/configuration': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
    };
    body: {
      project_id?: string | null;
      configuration: Record<string, unknown>;
      is_active?: boolean;
      revision?: number;
    };
    answer: Schemas['Configuration'];
  };
  /** Write an earlier revision again */
  'POST /plugins/{id}/configuration/restore': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
    };
    body: {
      project_id?: string | null;
      revision: number;
    };
    answer: Schemas['Configuration'];
  };
  /** Let a plugin run again that was stopped after too many strikes */
  'POST /plugins/{id}/resume': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Plugin'];
  };
  /** Go back to the release before the last upgrade, with the settings it had */
  'POST /plugins/{id}/rollback': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Plugin'];
  };
  /** Take a plugin to another release, or see what that would do (dry_run), or try it with some projects (canary) */
  'POST /plugins/{id}/upgrade': {
    params: {
      id: string;
    };
    query: {};
    body: {
      version?: string;
      permissions?: (string | Schemas['Permission'])[];
      manifest?: Record<string, unknown>;
      bundle?: string;
      dry_run?: boolean;
      canary?: {
        percent: number;
        minutes: number;
      };
    } | undefined;
    answer: Schemas['Upgraded'];
  };
  /** Make a project */
  'POST /projects': {
    params: {};
    query: {};
    body: {
      name: string;
      description?: string;
      time_zone?: string;
    };
    answer: Schemas['Project'];
  };
  /** Apply a file of settings to a project, or see what that would change (plan) */
  'POST /projects/{id}/settings': {
    params: {
      id: string;
    };
    query: {};
    body: {
      file: Schemas['SettingsFile'];
      plan?: boolean;
    };
    answer: Schemas['SettingsPlan'];
  };
  /** Take packages from an export file; each must prove itself (operators) */
  'POST /registry/import': {
    params: {};
    query: {};
    body: undefined;
    answer: Schemas['Imported'];
  };
  /** Publish a release */
  'POST /registry/plugins': {
    params: {};
    query: {};
    body: undefined;
    answer: Schemas['Published'];
  };
  /** Stop a package everywhere on this site */
  'POST /registry/plugins/{name}/block': {
    params: {
      name: string;
    };
    query: {};
    body: {
      reason: string;
    };
    answer: Record<string, never>;
  };
  /** Rate a plugin that your workspace runs */
  'POST /registry/plugins/{name}/reviews': {
    params: {
      name: string;
    };
    query: {};
    body: {
      rating: number;
      text?: string;
    };
    answer: Schemas['Review'];
  };
  /** Advise against a release; an empty reason takes the advice back */
  'POST /registry/plugins/{name}/versions/{version}/deprecate': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: {
      reason: string;
    };
    answer: Schemas['Release'];
  };
  /** Refuse a release for good (reviewers) */
  'POST /registry/plugins/{name}/versions/{version}/reject': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: {
      reason: string;
    };
    answer: Schemas['Release'];
  };
  /** Mark a release as reviewed (reviewers) */
  'POST /registry/plugins/{name}/versions/{version}/verify': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: {
      reason: string;
      is_security_fix?: boolean;
    };
    answer: Schemas['Release'];
  };
  /** Withdraw a release from new installs */
  'POST /registry/plugins/{name}/versions/{version}/yank': {
    params: {
      name: string;
      version: string;
    };
    query: {};
    body: {
      reason: string;
    };
    answer: Schemas['Release'];
  };
  /** Make a namespace; you own it */
  'POST /registry/publishers': {
    params: {};
    query: {};
    body: {
      name: string;
      display_name?: string;
      public_key?: string;
    };
    answer: Schemas['Publisher'];
  };
  /** Add a signing key */
  'POST /registry/publishers/{name}/keys': {
    params: {
      name: string;
    };
    query: {};
    body: {
      public_key: string;
    };
    answer: Schemas['PublisherKey'];
  };
  /** Add a member, or change the role of one */
  'POST /registry/publishers/{name}/members': {
    params: {
      name: string;
    };
    query: {};
    body: {
      email: string;
      role?: "owner" | "member";
    };
    answer: {
      members: Schemas['PublisherMember'][];
      total: number;
      page: number;
      size: number;
    };
  };
  /** Makes a webhook; its secret is in this answer only */
  'POST /webhooks': {
    params: {};
    query: {};
    body: Schemas['NewWebhook'];
    answer: Schemas['Webhook'];
  };
  /** Takes an event; answers once it and its announcement are durable */
  'POST /webhooks/events/{event_type}': {
    params: {
      event_type: string;
    };
    query: {
      project_id?: string;
    };
    body: unknown;
    answer: {
      event_id: string;
      webhooks_matched: number;
    };
  };
  /** Tries one delivery again */
  'POST /webhooks/{id}/deliveries/{delivery_id}/retry': {
    params: {
      id: string;
      delivery_id: string;
    };
    query: {};
    body: undefined;
    answer: {
      retrying: number;
      delivery_id: string | null;
    };
  };
  /** Tries failed deliveries again: one, the latest, or all since a time */
  'POST /webhooks/{id}/retry': {
    params: {
      id: string;
    };
    query: {};
    body: {
      log_id?: string;
      since?: string;
    } | undefined;
    answer: {
      retrying: number;
      delivery_id: string | null;
    };
  };
  /** Makes a new secret, shown in this answer only; the old one signs beside it for a day */
  'POST /webhooks/{id}/rotate-secret': {
    params: {
      id: string;
    };
    query: {};
    body: undefined;
    answer: Schemas['Webhook'];
  };
  /** Sends a signed test delivery now and tells what the receiver said */
  'POST /webhooks/{id}/test': {
    params: {
      id: string;
    };
    query: {};
    body: {
      test_payload?: Record<string, unknown>;
    } | undefined;
    answer: Schemas['WebhookTest'];
  };
  /** Make a workspace; whoever makes it owns it */
  'POST /workspaces': {
    params: {};
    query: {};
    body: {
      name: string;
    };
    answer: Schemas['Workspace'];
  };
  /** Invite a member: the same as POST /invitations, for the workspace of the path */
  'POST /workspaces/{id}/members': {
    params: {
      id: string;
    };
    query: {};
    body: {
      email: string;
      role: "viewer" | "developer" | "admin" | "owner";
    };
    answer: Schemas['Invitation'];
  };
  /** Change the password */
  'PUT /auth/password': {
    params: {};
    query: {};
    body: {
      current_password: string;
      password: string;
    };
    answer: Record<string, never>;
  };
  /** A vendor’s webhook for everybody who uses one app of ours */
  'PUT /hooks/apps/{service}/{trigger}': {
    params: {
      service: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, proved by its signature */
  'PUT /hooks/{integration_id}/{trigger}': {
    params: {
      integration_id: string;
      trigger: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** A vendor’s webhook for one integration, with the key of its address */
  'PUT /hooks/{integration_id}/{trigger}/{key}': {
    params: {
      integration_id: string;
      trigger: string;
      key: string;
    };
    query: {};
    body: undefined;
    answer: unknown;
  };
  /** Sets the workspace’s own OAuth app for a type */
  'PUT /integrations/types/{type}/oauth-client': {
    params: {
      type: string;
    };
    query: {};
    body: Record<string, string>;
    answer: Schemas['OAuthClient'];
  };
  /** Changes what is given; new credentials replace the old ones whole */
  'PUT /integrations/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['IntegrationChange'];
    answer: Schemas['Integration'];
  };
  /** Switches an integration on or off */
  'PUT /integrations/{id}/status': {
    params: {
      id: string;
    };
    query: {};
    body: {
      status: "active" | "inactive";
    };
    answer: Schemas['Integration'];
  };
  /** Change the settings of a plugin at this level */
  'PUT /plugins/{id}/configuration': {
    params: {
      id: string;
    };
    query: {
      project_id?: string;
    };
    body: {
      project_id?: string | null;
      configuration?: Record<string, unknown>;
      is_active?: boolean;
      revision?: number;
    };
    answer: Schemas['Configuration'];
  };
  /** Change what may be installed in this workspace, or on the site (operators) */
  'PUT /policy': {
    params: {};
    query: {};
    body: {
      level?: "workspace" | "site";
      verified_only?: boolean;
      cooldown_hours?: number;
      blocked_publishers?: string[];
      allow_sideload?: boolean;
    };
    answer: Schemas['Policies'];
  };
  /** Change your rating */
  'PUT /registry/plugins/{name}/reviews': {
    params: {
      name: string;
    };
    query: {};
    body: {
      rating: number;
      text?: string;
    };
    answer: Schemas['Review'];
  };
  /** Changes a webhook; what is left out stays */
  'PUT /webhooks/{id}': {
    params: {
      id: string;
    };
    query: {};
    body: Schemas['WebhookChange'];
    answer: Schemas['Webhook'];
  };
  /** Switches a webhook on or off; on again, it starts without counted failures */
  'PUT /webhooks/{id}/status': {
    params: {
      id: string;
    };
    query: {};
    body: {
      is_active?: boolean;
      status?: "active" | "inactive";
    };
    answer: Schemas['Webhook'];
  };
}
