import process from 'node:process';

/** What signals asked for: the first stops new work, the second ends what runs. */
export interface Interrupts {
  /** Aborted by the first signal. */
  stopping: AbortSignal;
  /** 130 for SIGINT, 143 for SIGTERM and SIGHUP, undefined when none came. */
  exit(): number | undefined;
  release(): void;
}

/** Listens to SIGINT, SIGTERM and SIGHUP. `first` and `second` are called once each. */
export function listenForInterrupts(on: { first(): void; second(): void }): Interrupts {
  const controller = new AbortController();
  let count = 0;
  let exit: number | undefined;
  const signalled = (signal: NodeJS.Signals): void => {
    count += 1;
    exit ??= signal === 'SIGINT' ? 130 : 143;
    if (count === 1) {
      controller.abort();
      on.first();
    }
    if (count === 2) on.second();
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, signalled);
  return {
    stopping: controller.signal,
    exit: () => exit,
    release: () => {
      for (const signal of signals) process.off(signal, signalled);
    },
  };
}
