import { definePlugin } from '@patchbay/sdk';
import { manifest } from './manifest.ts';
import { receiveEvent } from './receive-event.ts';
import { call, type SlackCtx } from './slack.ts';

interface Channel {
  id: string;
  name: string;
  is_private: boolean;
  is_archived: boolean;
  num_members?: number;
  topic?: { value: string };
}

async function whoAmI(ctx: SlackCtx) {
  const me = await call<{ team: string; user: string; team_id: string }>(ctx, 'auth.test');
  return { account: `${me.user} in ${me.team}`, metadata: { team_id: me.team_id } };
}

export default definePlugin(manifest, {
  connect: whoAmI,
  test: whoAmI,
  actions: {
    async post_message(ctx, message) {
      const { channel, ts } = await call<{ channel: string; ts: string }>(ctx, 'chat.postMessage', {
        method: 'POST',
        body: message,
      });
      return { channel, ts };
    },
    async list_channels(ctx, input) {
      const wanted = input.limit ?? 200;
      const found: Channel[] = [];
      let cursor: string | undefined;
      do {
        const page: { channels: Channel[]; response_metadata?: { next_cursor?: string } } = await call(
          ctx,
          'conversations.list',
          {
            query: {
              types: input.private ? 'public_channel,private_channel' : 'public_channel',
              limit: Math.min(200, wanted - found.length),
              cursor,
            },
          },
        );
        found.push(...page.channels);
        cursor = page.response_metadata?.next_cursor || undefined;
      } while (cursor && found.length < wanted);
      const channels = found.slice(0, wanted).map((one) => ({
        id: one.id,
        name: one.name,
        private: one.is_private,
        archived: one.is_archived,
        members: one.num_members,
        topic: one.topic?.value || undefined,
      }));
      return { channels, more: cursor !== undefined || found.length > wanted };
    },
  },
  triggers: { events: { receive: receiveEvent } },
});
