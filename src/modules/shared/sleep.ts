/** Whether the whole time has passed, and not the signal ended it. Timers hold at most 24 days; longer waits are waited for in parts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<boolean> {
  const longest = 2 ** 31 - 1;
  for (let left = ms; left > 0 && !signal.aborted; left -= longest) await timer(Math.min(left, longest), signal);
  return !signal.aborted;
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(handle);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const handle = setTimeout(over, ms);
    signal.addEventListener('abort', over);
  });
}
