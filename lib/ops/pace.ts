/** How fast something goes, and how long it will take. */

export interface Pace {
  /** Items a second; 0 while nothing can be said. */
  readonly rate: number;
  /** Milliseconds. */
  readonly leftMs?: number;
}

/** What took less says nothing about how it goes on. */
const secondsLeast = 0.1;

/** Over the whole operation; another total is another operation. */
export function newPace(): (done: number, total: number) => Pace {
  let begun = { at: performance.now(), done: 0, total: 0 };
  return (done, total) => {
    if (total !== begun.total) begun = { at: performance.now(), done, total };
    const seconds = (performance.now() - begun.at) / 1000;
    const rate = seconds >= secondsLeast ? (done - begun.done) / seconds : 0;
    return rate > 0 ? { rate, leftMs: ((total - done) / rate) * 1000 } : { rate: 0 };
  };
}
