import { setMaxListeners } from 'node:events';
import type { BothContext, ControllerContext } from '../../model/module.ts';
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

/** The same as the host sees it, itself when no other machine is said; `time` is null where its program does not tell. Throws NetworkError. */
export async function portRowsFromHost(
  { hosts, ports, allow, timeout, parallel }: Omit<PortSurvey, 'banner'>,
  context: BothContext,
): Promise<Fields[]> {
  const { targetsFromHost } = await import('../../network/allow.ts');
  const { portNumbers } = await import('../../network/port-numbers.ts');
  const { portsFromHost } = await import('./host-exchange.ts');
  const numbers = portNumbers(ports);
  const targets = await targetsFromHost([hosts ?? 'localhost'].flat(), await allowedIn(context, allow));
  const places = targets.flatMap((target) => numbers.map((port) => ({ ...target, host: target.address, port })));
  const states = await portsFromHost({ places, timeout, parallel }, context);
  return places.map(({ name, address, port }, i) => {
    const { state, time, reason = '' } = states[i]!;
    return { host: name, address, port, state, time, reason };
  });
}
