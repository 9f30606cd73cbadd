// How a page is drawn while something goes on.

/** The median of the milliseconds from one frame to the next while `body` runs; NaN where nothing is drawn. */
export async function medianFrame(body: () => Promise<void>): Promise<number> {
  const gaps: number[] = [];
  let before: number | undefined;
  let isOver = false;
  const frame = (time: number): void => {
    if (before !== undefined) gaps.push(time - before);
    before = time;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await body();
  isOver = true;
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? Number.NaN;
}

/** Takes from a training for two seconds. */
export async function trainForAWhile(training: AsyncIterable<unknown>): Promise<void> {
  const start = performance.now();
  for await (const _ of training) if (performance.now() - start > 2000) break;
}
