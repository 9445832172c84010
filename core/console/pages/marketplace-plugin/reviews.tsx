import { Button, Group, Paper, Progress, Rating, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useReviews } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { Package, Review } from '../../api/types.ts';
import { useText } from '../../language/use-text.tsx';
import { useLocation } from '../../navigation/navigate.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Nothing } from '../../parts/nothing.tsx';
import { Pager } from '../../parts/pager.tsx';
import { QueryView } from '../../parts/query-view.tsx';

/**
 * What people say of a plugin, how many gave how many stars, and one's own word.
 *
 * @param isInstalled null: not known yet
 */
export function Reviews({ found, isInstalled }: { found: Package; isInstalled: boolean | null }) {
  const { t, number } = useText();
  const { query } = useLocation();
  const reviews = useReviews(found.name, { page: Number(query.get('page') ?? 1) });
  const all = found.ratings ?? {};
  const count = Object.values(all).reduce((sum, one) => sum + one, 0);
  return (
    <Stack>
      {count > 0 && (
        <Stack gap={4} maw={420}>
          {[5, 4, 3, 2, 1].map((stars) => (
            <Group key={stars} gap="sm" wrap="nowrap">
              <Text size="sm" w={110}>
                {t('reviews.stars', { stars, count: number(all[stars] ?? 0) })}
              </Text>
              <Progress
                flex={1}
                value={((all[stars] ?? 0) / count) * 100}
                aria-label={t('reviews.stars', { stars, count: number(all[stars] ?? 0) })}
              />
            </Group>
          ))}
          <Text size="sm" c="dimmed">
            {t('reviews.weighed', { rating: number(Math.round(found.rating * 10) / 10) })}
          </Text>
        </Stack>
      )}
      <QueryView query={reviews}>
        {({ reviews: list, total, page, size }) => (
          <Stack>
            {isInstalled && (
              <OwnReview name={found.name} own={list.find(({ is_mine }) => is_mine)} key={String(list.length)} />
            )}
            {isInstalled === false && (
              <Text size="sm" c="dimmed">
                {t('reviews.install_first')}
              </Text>
            )}
            {list.length === 0 && <Nothing title={t('reviews.none')} />}
            {list.map((review) => (
              <Paper withBorder p="md" key={`${review.author}${review.created_at}`} component="article">
                <Group justify="space-between">
                  <Group gap="sm">
                    <Rating
                      role="img"
                      value={review.rating}
                      readOnly
                      aria-label={t('reviews.given', { stars: review.rating })}
                    />
                    <Text size="sm" fw={600}>
                      {review.author}
                    </Text>
                  </Group>
                  <When review={review} />
                </Group>
                <Text size="sm" mt={6} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
                  {review.text}
                </Text>
              </Paper>
            ))}
            <Pager total={total} page={page} size={size} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}

function When({ review }: { review: Review }) {
  const { time } = useText();
  return (
    <Text size="xs" c="dimmed">
      {review.version} · {time(review.updated_at)}
    </Text>
  );
}

function OwnReview({ name, own }: { name: string; own: Review | undefined }) {
  const { t } = useText();
  const client = useQueryClient();
  const [rating, setRating] = useState(own?.rating ?? 0);
  const [text, setText] = useState(own?.text ?? '');
  const path = `/registry/plugins/${encodeURIComponent(name)}/reviews`;
  const write = useMutation({
    mutationFn: (method: 'POST' | 'PUT' | 'DELETE') =>
      request(method, path, method === 'DELETE' ? {} : { body: { rating, text } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(own ? 'PUT' : 'POST');
      }}
    >
      <Paper withBorder p="md">
        <Stack gap="sm">
          <Title order={2} size="h5">
            {t('reviews.yours')}
          </Title>
          {/* The stars take a click by themselves; the arrow keys choose among them as among all radio buttons. */}
          <div onChange={({ target }) => target instanceof HTMLInputElement && setRating(Number(target.value))}>
            <Rating
              role="radiogroup"
              value={rating}
              onChange={setRating}
              getSymbolLabel={(stars) => t('reviews.given', { stars })}
              aria-label={t('reviews.rating')}
            />
          </div>
          <Textarea
            label={t('reviews.text')}
            autosize
            minRows={2}
            maxLength={5000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {write.error && <ErrorPanel error={write.error} />}
          <Group>
            <Button type="submit" disabled={rating === 0} loading={write.isPending}>
              {own ? t('reviews.change') : t('reviews.write')}
            </Button>
            {own && (
              <Button variant="default" onClick={() => write.mutate('DELETE')}>
                {t('reviews.remove')}
              </Button>
            )}
          </Group>
        </Stack>
      </Paper>
    </form>
  );
}
