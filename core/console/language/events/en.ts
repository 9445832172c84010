export const en = {
  'events.hide': 'Hide data',
  'events.lead': 'What happened, newest first',
  'events.none': 'No events',
  'events.none_hint': 'Events appear here when plugins, syncs or your own programs announce something.',
  'events.replay': 'Replay',
  'events.replayed': 'Announced again; webhooks that match: {count}',
  'events.show': 'Show data',
  'events.type': 'Event type',
};
