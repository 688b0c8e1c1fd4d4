import type { ResearchJob } from '@scalpstorm/contracts';

/** Of a megabyte that a message has at most; the rest is for what else is said of each job. */
const bytesMax = 768 * 1024;

/** The first of them, as many as fit into one answer; at least one. */
export function jobsThatFit(jobs: readonly ResearchJob[]): readonly ResearchJob[] {
  let bytes = 0;
  const end = jobs.findIndex((job, place) => {
    bytes += bytesOf(job);
    return place > 0 && bytes > bytesMax;
  });
  return end < 0 ? jobs : jobs.slice(0, end);
}

const bytesOf = ({ name, spec, summary, fault }: ResearchJob): number =>
  Buffer.byteLength(JSON.stringify([name, spec, summary, fault]));
