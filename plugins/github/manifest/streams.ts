export const streams = {
  repositories: {
    title: 'Repositories',
    model: 'repository',
    // The name and not the id: every other address of the API is made of it, and GitHub forwards the old one.
    primary_key: ['/full_name'],
    version: '/updated_at',
    modes: ['full'],
    cursor: { reset_on: ['repositories'] },
    // Pages by number can shift while they are read, so one absence proves nothing.
    deletes: 'missing_twice',
    every_s: 3600,
  },
  issues: {
    title: 'Issues',
    model: 'issue',
    primary_key: ['/id'],
    version: '/updated_at',
    modes: ['full', 'incremental'],
    parent: { stream: 'repositories', at_once: 4 },
    cursor: { field: '/updated_at' },
    // Read by time to the end: what a whole pass did not show was deleted or moved away.
    deletes: 'missing',
    every_s: 900,
  },
  pull_requests: {
    title: 'Pull requests',
    model: 'pull_request',
    primary_key: ['/id'],
    version: '/updated_at',
    modes: ['full', 'incremental'],
    parent: { stream: 'repositories', at_once: 4 },
    cursor: { field: '/updated_at' },
    deletes: 'none',
    every_s: 900,
  },
} as const;
