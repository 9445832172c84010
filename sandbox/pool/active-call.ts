import type { CallError, CallRequest, CallResult, Grant, Limits, LogLine, NetworkGrant, Usage } from '../types.ts';
import type { ImageState } from './image-state.ts';
import type { SandboxProcess } from './sandbox-process.ts';

/** A call from its request to its result, as the host keeps it. Everything a sandbox process claims is held against this. */
export interface ActiveCall<Scope> {
  number: number;
  state: ImageState<Scope>;
  request: CallRequest<Scope>;
  limits: Limits;
  kind: 'call' | 'stream' | 'inspect';
  /** Live: `regrant` replaces the contents. */
  grants: Grant[];
  network: NetworkGrant[];
  process: SandboxProcess<Scope> | null;
  /** In the order in which calls were sent to its process. */
  place: number;
  /** Something arrived from it, so it was entered. */
  wasHeard: boolean;
  attempt: number;
  /** How often it was sent to another process. */
  resends: number;
  began: number;
  deadline: NodeJS.Timeout | null;
  usage: Usage;
  logs: LogLine[];
  logBytes: number;
  received: number;
  asked: number;
  /** Host calls of all pages of a stream: each has a place of its own. */
  placed: number;
  /** Its journal has arrived. */
  hasJournal: boolean;
  /** Tickets of a call only grow. */
  lastTicket: number;
  /** Host calls being performed, by ticket. */
  pending: Map<number, PendingAsk>;
  /** For the page being waited for, or the whole call. */
  settle: ((result: CallResult, done: boolean) => void) | null;
  onAbort: (() => void) | null;
  isOver: boolean;
}

export interface PendingAsk {
  op: string;
  permission: string;
  abort: AbortController;
  /** Judges the same request by other grants: is it still allowed? */
  isStillAllowed(grants: readonly Grant[]): boolean;
}

export function emptyUsage(attempt: number): Usage {
  return { wall_ms: 0, cpu_ms: 0, heap_bytes: 0, bytes_in: 0, bytes_out: 0, host_calls: [], denied: [], attempt };
}

export function activeCall<Scope>(
  number: number,
  state: ImageState<Scope>,
  request: CallRequest<Scope>,
  limits: Limits,
  kind: ActiveCall<Scope>['kind'],
): ActiveCall<Scope> {
  const call: ActiveCall<Scope> = {
    number,
    state,
    request,
    limits,
    kind,
    grants: [],
    network: [],
    process: null,
    place: 0,
    wasHeard: false,
    attempt: 1,
    resends: 0,
    began: 0,
    deadline: null,
    usage: emptyUsage(1),
    logs: [],
    logBytes: 0,
    received: 0,
    asked: 0,
    placed: 0,
    hasJournal: false,
    lastTicket: 0,
    pending: new Map(),
    settle: null,
    onAbort: null,
    isOver: false,
  };
  setGrants(call, request.grants);
  return call;
}

/** Replaces what a call may do, in place: the lists were handed out. */
export function setGrants<Scope>(call: ActiveCall<Scope>, grants: readonly Grant[]): void {
  call.grants.splice(0, call.grants.length, ...grants);
  call.network.splice(0, call.network.length, ...grants.filter((grant) => grant.name === 'network'));
}

/** Ends what the host does for a call. */
export function abandonAsks<Scope>(call: ActiveCall<Scope>): void {
  for (const ask of call.pending.values()) ask.abort.abort();
  call.pending.clear();
}

export function failed(error: CallError, usage: Usage, logs: LogLine[]): CallResult {
  return { ok: false, error, usage, logs };
}
