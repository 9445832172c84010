import '@mantine/charts/styles.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Box, SimpleGrid, Text } from '@mantine/core';
import type { Metrics } from '../api/types.ts';
import { useText } from '../language/use-text.tsx';

/** A plugin's calls, times, CPU, memory and host calls over time. Each picture is also told in words. */
export default function Charts({ metrics }: { metrics: Metrics }) {
  const { t, tick } = useText();
  const data = metrics.over_time.map((one) => ({
    at: tick(one.at),
    good: one.calls - one.errors,
    errors: one.errors,
    p50: Math.round(one.p50_ms),
    p95: Math.round(one.p95_ms),
    p99: Math.round(one.p99_ms),
    cpu: Math.round(one.cpu_ms ?? 0),
    memory: Math.round(((one.heap_bytes ?? 0) / 1_048_576) * 10) / 10,
    host_calls: one.host_calls ?? 0,
  }));
  const shared = { h: 200, data, dataKey: 'at', withLegend: true, tickLine: 'none' as const };
  // Half a call is no value of an axis.
  const counted = { ...shared, yAxisProps: { allowDecimals: false } };
  const plain = { accessibilityLayer: false };
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Picture
        title={t('measured.calls')}
        words={t('measured.calls_words', { calls: metrics.calls, errors: metrics.errors })}
      >
        <BarChart
          {...counted}
          barChartProps={plain}
          type="stacked"
          series={[
            { name: 'good', label: t('measured.good'), color: 'teal.6' },
            { name: 'errors', label: t('measured.errors'), color: 'red.6' },
          ]}
        />
      </Picture>
      <Picture
        title={t('measured.times')}
        words={t('measured.times_words', {
          p50: Math.round(metrics.p50_ms),
          p95: Math.round(metrics.p95_ms),
          p99: Math.round(metrics.p99_ms),
        })}
      >
        <LineChart
          {...shared}
          lineChartProps={plain}
          series={[
            { name: 'p50', label: 'p50', color: 'teal.6' },
            { name: 'p95', label: 'p95', color: 'orange.6' },
            { name: 'p99', label: 'p99', color: 'red.6' },
          ]}
        />
      </Picture>
      <Picture title={t('measured.cpu')} words={t('measured.cpu_words', { ms: Math.round(metrics.cpu_ms ?? 0) })}>
        <BarChart
          {...shared}
          barChartProps={plain}
          series={[{ name: 'cpu', label: t('measured.cpu'), color: 'cyan.7' }]}
        />
      </Picture>
      <Picture
        title={t('measured.memory')}
        words={t('measured.memory_words', { mb: Math.round((metrics.heap_bytes ?? 0) / 104_857.6) / 10 })}
      >
        <LineChart
          {...shared}
          lineChartProps={plain}
          series={[{ name: 'memory', label: t('measured.memory'), color: 'grape.6' }]}
        />
      </Picture>
      <Picture
        title={t('measured.host_calls')}
        words={t('measured.host_calls_words', { count: metrics.host_calls ?? 0 })}
      >
        <BarChart
          {...counted}
          barChartProps={plain}
          series={[{ name: 'host_calls', label: t('measured.host_calls'), color: 'indigo.6' }]}
        />
      </Picture>
    </SimpleGrid>
  );
}

function Picture({ title, words, children }: { title: string; words: string; children: React.ReactNode }) {
  return (
    <Box>
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {words}
      </Text>
      <div role="img" aria-label={`${title}: ${words}`}>
        {children}
      </div>
    </Box>
  );
}
