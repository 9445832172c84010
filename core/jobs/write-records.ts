import type { Recorded, RecordedWrite } from './define-job.ts';

export interface Record {
  model: Recorded;
  write: RecordedWrite;
}

/** Makes the writes that go with endings, one bulk write a model, in this transaction. */
export async function writeRecords(records: Record[]): Promise<void> {
  for (const [model, group] of Map.groupBy(records, (one) => one.model)) {
    const writes = merge(group.map((one) => one.write));
    await model.bulkWrite(
      writes.map((write) => ({ updateOne: write })),
      { ordered: true, timestamps: false },
    );
  }
}

/** Makes one write of all that only count on, set or raise fields of one document: a counter is then written once. */
function merge(writes: RecordedWrite[]): RecordedWrite[] {
  const merged = new Map<string, RecordedWrite>();
  const single: RecordedWrite[] = [];
  for (const write of writes) {
    if (!Object.keys(write.update).every((operator) => ['$inc', '$set', '$max'].includes(operator))) {
      single.push(write);
      continue;
    }
    const key = JSON.stringify(write.filter);
    const first = merged.get(key);
    if (!first) {
      merged.set(key, { filter: write.filter, update: structuredClone(write.update) });
      continue;
    }
    for (const [name, amount] of Object.entries(write.update.$inc ?? {})) {
      first.update.$inc = { ...first.update.$inc, [name]: Number(first.update.$inc?.[name] ?? 0) + Number(amount) };
    }
    if (write.update.$set) first.update.$set = { ...first.update.$set, ...write.update.$set };
    for (const [name, value] of Object.entries(write.update.$max ?? {})) {
      const known = first.update.$max?.[name];
      const higher = known === undefined || Number(value) > Number(known) ? value : known;
      first.update.$max = { ...first.update.$max, [name]: higher };
    }
  }
  return [...single, ...merged.values()];
}
