import { type DashboardPlan, quantile, rateOf } from './panels.ts';

export const kafka: DashboardPlan = {
  uid: 'kafka-bridge',
  title: 'Scalpstorm / Kafka bridge',
  description: 'Does what happens here reach Kafka, and how late? Without the bridge these panels are empty.',
  choices: [],
  sections: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Oldest that waits',
          description:
            'Age of the oldest message that is not in Kafka. Requests are lost after an hour. Runbook: KafkaBehind.',
          unit: 's',
          stat: { warnFrom: 300, badFrom: 1_800 },
          queries: [{ expr: 'max(scalpstorm_kafka_bridge_lag_seconds)', legend: 'age' }],
        },
        {
          title: 'Messages that wait',
          description: 'Of all streams, not yet in Kafka.',
          unit: 'none',
          stat: {},
          queries: [{ expr: 'sum(scalpstorm_kafka_bridge_lag)', legend: 'messages' }],
        },
        {
          title: 'Dead letters in 24 h',
          description: 'Messages that cannot go to Kafka. Good: 0. Runbook: KafkaDeadLetters.',
          unit: 'none',
          stat: { badFrom: 1 },
          queries: [{ expr: 'sum(increase(scalpstorm_kafka_bridge_dead_letters_total[24h]))', legend: 'dead letters' }],
        },
        {
          title: 'Records a second',
          description: 'Acknowledged by all replicas.',
          unit: 'ops',
          stat: {},
          queries: [{ expr: rateOf('scalpstorm_kafka_bridge_produced_total'), legend: 'records' }],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Age by stream',
          description: 'Of the oldest message that is not in Kafka. Runbooks: KafkaBehind, KafkaEventsSoonLost.',
          unit: 's',
          queries: [{ expr: 'max by (stream) (scalpstorm_kafka_bridge_lag_seconds)', legend: '{{stream}}' }],
        },
        {
          title: 'Lag by stream',
          description: 'Messages that are not in Kafka.',
          unit: 'short',
          queries: [{ expr: 'sum by (stream) (scalpstorm_kafka_bridge_lag)', legend: '{{stream}}' }],
        },
        {
          title: 'Records by topic',
          description: 'Acknowledged a second.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_kafka_bridge_produced_total', ['topic']), legend: '{{topic}}' }],
        },
        {
          title: 'One batch, p99',
          description: 'Until all replicas have it, by stream.',
          unit: 's',
          queries: [
            { expr: quantile(0.99, 'scalpstorm_kafka_bridge_produce_seconds', ['stream']), legend: '{{stream}}' },
          ],
        },
        {
          title: 'Failed attempts',
          description: 'By code; each is tried again. docs/guides/kafka.md tells every code.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_kafka_bridge_errors_total', ['code']), legend: '{{code}}' }],
        },
        {
          title: 'Market data that was dropped',
          description: 'It may be lost while Kafka is slow or away; nothing else is.',
          unit: 'ops',
          queries: [{ expr: rateOf('scalpstorm_kafka_bridge_market_dropped_total'), legend: 'dropped' }],
        },
      ],
    },
  ],
};
