import { MongoClient } from 'mongodb';

// One host's worth of workers, as a process: claims jobs by batch lease until there are none, and prints what it claimed.
const [uri = '', workers = '7'] = process.argv.slice(2);
const client = await MongoClient.connect(uri);
const jobs = client.db('test').collection<{ _id: number; state: string; at: number; lease?: string }>('jobs');
const claimed: number[] = [];

async function work(name: string): Promise<void> {
  for (let turn = 0; ; turn++) {
    const ready = await jobs
      .find({ state: 'waiting' })
      .sort({ at: 1 })
      .limit(20)
      .project<{ _id: number }>({ _id: 1 })
      .toArray();
    if (ready.length === 0) return;
    const lease = `${process.pid} ${name} ${turn}`;
    const ids = ready.map(({ _id }) => _id);
    await jobs.updateMany({ _id: { $in: ids }, state: 'waiting' }, { $set: { state: 'leased', lease } });
    for (const { _id } of await jobs.find({ lease }).toArray()) claimed.push(_id);
  }
}

await Promise.all(Array.from({ length: Number(workers) }, (_, i) => work(String(i))));
await client.close();
process.stdout.write(JSON.stringify(claimed));
