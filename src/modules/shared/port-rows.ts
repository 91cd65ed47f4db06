import { setMaxListeners } from 'node:events';
import type { ControllerContext } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { allowedIn, ownAddress } from './asked-machines.ts';

/** Ports of machines to be connected to. */
export interface PortSurvey {
  /** Names, addresses, networks; the task's host when not said. */
  hosts?: string | string[] | undefined;
  ports: number | string | (number | string)[];
  allow?: string[] | undefined;
  /** Seconds for each. */
  timeout: number;
  /** Connections at once. */
  parallel: number;
  banner?: boolean | undefined;
}

/** One row for each machine and port: `host`, `address`, `port`, `state`, `time`, `reason`, with `banner` what it says first. Throws NetworkError. */
export async function portRows(survey: PortSurvey, context: ControllerContext): Promise<Fields[]> {
  const { targetsOf } = await import('../../network/allow.ts');
  const { askPort, inParallel } = await import('../../network/connect.ts');
  const { portNumbers } = await import('../../network/port-numbers.ts');
  const ports = portNumbers(survey.ports);
  const names = [survey.hosts ?? ownAddress(context)].flat();
  const targets = await targetsOf(names, await allowedIn(context, survey.allow));
  const places = targets.flatMap((target) => ports.map((port) => ({ ...target, port })));
  // Each connection listens to the one signal.
  const signal = AbortSignal.any([context.signal]);
  setMaxListeners(0, signal);
  const states = await inParallel(places, survey.parallel, ({ address, port }) =>
    askPort({
      address,
      port,
      timeout: survey.timeout * 1000,
      ...(survey.banner && { banner: 2000 }),
      signal,
    }),
  );
  return places.map(({ name, address, port }, i) => {
    const { state, time, reason = '', banner } = states[i]!;
    return { host: name, address, port, state, time, reason, ...(banner !== undefined && { banner }) };
  });
}
