// BullMQ as its manual shows it, measured as the bench measures Milepost: one Node process beside
// one Redis. Prints a line of JSON a measurement.
//
// It submits one job a call, because that is what createTask is compared with. Jobs to be processed
// are put in by the thousand before the clock starts: only processing is measured.

import { Queue, Worker } from "bullmq";

const [port, seconds] = process.argv.slice(-2).map(Number);
const connection = { host: "127.0.0.1", port };
// The same body as createTask's.
const data = { report: "2026-11", pages: [1, 2, 3] };
const CONCURRENCY = 100;
// More than it can process, so that it never runs dry.
const PRELOADED = 40_000 * seconds;

function print(name, in_flight, per_second, times_ms) {
  console.log(JSON.stringify({ name, in_flight, per_second, times_ms }));
}

async function submit(in_flight) {
  const queue = new Queue(`submit-${in_flight}`, { connection });
  await queue.waitUntilReady();
  const began = performance.now();
  const until = began + seconds * 1000;
  const times = [];
  const loop = async () => {
    for (let at = performance.now(); at < until; at = performance.now()) {
      await queue.add("bench", data);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: in_flight }, loop));
  const took = (performance.now() - began) / 1000;
  print("submit", in_flight, times.length / took, times);
  await queue.obliterate({ force: true });
  await queue.close();
}

async function processing() {
  const queue = new Queue("processing", { connection });
  for (let put = 0; put < PRELOADED; put += 1000) {
    await queue.addBulk(Array.from({ length: 1000 }, () => ({ name: "bench", data })));
  }
  const worker = new Worker(
    "processing",
    async (job) => {
      await job.updateProgress(50);
      return { pages: 3 };
    },
    { connection, concurrency: CONCURRENCY, autorun: false },
  );
  let completed = 0;
  worker.on("completed", () => (completed += 1));
  await worker.waitUntilReady();
  const began = performance.now();
  worker.run();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const took = (performance.now() - began) / 1000;
  if (completed >= PRELOADED) throw new Error("it ran dry: put in more jobs");
  print("processing", CONCURRENCY, completed / took, []);
}

for (const in_flight of [64, 256, 500]) await submit(in_flight);
await processing();
// Jobs are still under way; they do not count, and Redis goes away with them.
process.exit(0);
