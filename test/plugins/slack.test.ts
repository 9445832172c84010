import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { accepts } from '../../sdk/contract/accepts.ts';
import { type SlackMock, startSlack } from '../vendors/slack.ts';
import { type RunningPlugin, runPlugin } from './run-plugin.ts';

const samples = new URL('../../../shared/vendor-specs/slack/samples/events/', import.meta.url);

describe('The Slack plugin', () => {
  let vendor: SlackMock;
  let slack: RunningPlugin;
  before(async () => {
    vendor = await startSlack({ channels: 430 });
    slack = await runPlugin('slack', {
      base_url: vendor.url,
      headers: { authorization: `Bearer ${vendor.token}` },
      config: { api_url: vendor.url },
    });
  });
  afterEach(() => {
    expect(vendor.violations).to.deep.equal([]);
  });
  after(async () => {
    await slack.stop();
    await vendor.stop();
  });

  it('says who it is, and learns the team that events are routed by', async () => {
    expect(await slack.call('connect', { token: {}, callback: {} })).to.deep.equal({
      account: 'patchbay in Octo',
      metadata: { team_id: 'T12345678' },
    });
  });

  it('posts a message into a channel, and into a thread', async () => {
    type Posted = { channel: string; ts: string };
    const first = await slack.call<Posted>('actions.post_message', { channel: '#general', text: 'Hello' });
    await slack.call('actions.post_message', { channel: first.channel, text: 'And more', thread_ts: first.ts });
    expect(vendor.messages.map(({ text, thread_ts }) => [text, thread_ts])).to.deep.equal([
      ['Hello', undefined],
      ['And more', first.ts],
    ]);
  });

  it('takes ok: false for the failure that it is, with Slack’s word for it', async () => {
    const error = await slack.call('actions.post_message', { channel: '#nowhere', text: 'x' }).then(
      () => null,
      (thrown: Error & { data?: object }) => thrown,
    );
    expect(error).to.include({ name: 'VendorError' });
    expect(error?.data).to.include({ code: 'channel_not_found', status: 200 });
  });

  it('lists channels over all pages, up to as many as asked', async () => {
    type Listed = { channels: { id: string }[]; more: boolean };
    const some = await slack.call<Listed>('actions.list_channels', { limit: 250 });
    expect(some.channels).to.have.length(250);
    expect(some.more).to.equal(true);
    const all = await slack.call<Listed>('actions.list_channels', { limit: 1000 });
    expect(new Set(all.channels.map(({ id }) => id)).size).to.equal(430);
    expect(all.more).to.equal(false);
  });

  const wrap = (event: object) => ({
    method: 'POST',
    headers: {},
    query: {},
    text: '',
    body: { team_id: 'T1', event_id: 'Ev1', event_time: 1_700_000_000, event },
  });

  it('turns messages, mentions, reactions and channels into events', async () => {
    const given = [
      { type: 'message', channel: 'C1', user: 'U1', text: 'hi', ts: '1.2' },
      { type: 'app_mention', channel: 'C1', user: 'U1', text: '<@U2>', ts: '1.3' },
      { type: 'reaction_added', user: 'U1', reaction: 'eyes', item: { channel: 'C1', ts: '1.2' } },
      { type: 'channel_rename', channel: { id: 'C1', name: 'news' } },
    ];
    const types = [];
    for (const event of given) {
      const { events } = await slack.call<{ events: { type: string; id: string; occurred_at: string }[] }>(
        'triggers.events.receive',
        wrap(event),
      );
      expect(events[0]).to.include({ id: 'Ev1', occurred_at: '2023-11-14T22:13:20.000Z' });
      types.push(events[0]?.type);
    }
    expect(types).to.deep.equal(['slack.message', 'slack.app_mention', 'slack.reaction', 'slack.channel']);
  });

  it('makes no new message of one that was edited or deleted', async () => {
    const edited = wrap({ type: 'message', subtype: 'message_changed', channel: 'C1' });
    expect(await slack.call('triggers.events.receive', edited)).to.deep.equal({});
  });

  it('takes Slack’s own samples', async function () {
    if (!existsSync(samples)) return this.skip();
    const declared = slack.manifest.events as Record<string, { schema: object }>;
    for (const [file, type] of [
      ['MessagePayload', 'slack.message'],
      ['AppMentionPayload', 'slack.app_mention'],
      ['ReactionAddedPayload', 'slack.reaction'],
      ['ChannelCreatedPayload', 'slack.channel'],
    ] as const) {
      const body = JSON.parse(readFileSync(new URL(`${file}.json`, samples), 'utf8')) as object;
      const { events } = await slack.call<{ events: { type: string; data: object }[] }>('triggers.events.receive', {
        ...wrap({}),
        body,
      });
      expect(events.map((event) => event.type)).to.deep.equal([type]);
      expect(accepts(declared[type]?.schema ?? {})(events[0]?.data)).to.have.property('ok', true);
    }
  });
});
