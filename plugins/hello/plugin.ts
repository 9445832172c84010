import { definePlugin } from '@patchbay/sdk';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  actions: {
    async greet(ctx, { name }) {
      ctx.log.info('greeting somebody', { name });
      return { greeting: `${ctx.config.greeting}, ${name}!` };
    },
    async count(ctx) {
      const count = ((await ctx.store.get<number>('count'))?.value ?? 0) + 1;
      await ctx.store.set('count', count);
      return { count };
    },
  },
});
