import type { Slack } from './slack.ts';

interface Wrapped {
  team_id: string;
  event_id: string;
  event_time?: number;
  event?: {
    type: string;
    subtype?: string;
    channel?: string | { id: string; name?: string };
    user?: string;
    text?: string;
    ts?: string;
    thread_ts?: string;
    reaction?: string;
    item?: { channel?: string; ts?: string };
  };
}

/** Turns what Slack sends into events. What this plugin declares no event for is taken and left. */
export const receiveEvent: Slack['triggers']['events']['receive'] = (_ctx, { body }) => {
  const { team_id: team, event_id: id, event_time, event } = body as Wrapped;
  if (!event) return {};
  const channel = typeof event.channel === 'string' ? event.channel : (event.channel?.id ?? event.item?.channel ?? '');
  const more = event_time ? { id, occurred_at: new Date(event_time * 1000).toISOString() } : { id };
  const { user, text = '', ts = '', thread_ts } = event;
  switch (event.type) {
    case 'message': {
      // A deleted or edited message has its text elsewhere, and is no message that somebody wrote now.
      if (event.subtype === 'message_changed' || event.subtype === 'message_deleted') return {};
      const data = { team, channel, user, text, ts, thread_ts, kind: event.subtype };
      return { events: [{ type: 'slack.message', data, ...more }] };
    }
    case 'app_mention':
      return { events: [{ type: 'slack.app_mention', data: { team, channel, user, text, ts, thread_ts }, ...more }] };
    case 'reaction_added':
    case 'reaction_removed': {
      const added = event.type === 'reaction_added';
      const data = { team, channel, user, reaction: event.reaction ?? '', added, message_ts: event.item?.ts };
      return { events: [{ type: 'slack.reaction', data, ...more }] };
    }
    case 'channel_created':
    case 'channel_deleted':
    case 'channel_archive':
    case 'channel_unarchive':
    case 'channel_rename': {
      const name = typeof event.channel === 'object' ? event.channel.name : undefined;
      const data = { team, channel, name, user, change: event.type.slice('channel_'.length) };
      return { events: [{ type: 'slack.channel', data, ...more }] };
    }
    default:
      return {};
  }
};
