import { readFile } from 'node:fs/promises';
import type { Connection, ConnectOptions, SsmSettings, Target } from '../../src/model/transport.ts';
import { createSsmTransport } from '../../src/transports/ssm.ts';
import type { FakeAws } from '../aws/aws.ts';

/** Looks soon and often: the fake has no second to lose. */
export const quick = { quiet: 3, firstLook: 30, longestLook: 150, farewell: 5_000 };

/** Reaches instances of a fake through Systems Manager. */
export interface SsmReach {
  notes: string[];
  /** The n-th instance of the fake. */
  connect(settings?: Partial<SsmSettings>, options?: Partial<ConnectOptions>): Promise<Connection>;
  /** A file of an instance; empty when it is not there. */
  look(path: string, instance?: number): Promise<string>;
  id(instance?: number): string;
}

export function reachSsm(aws: FakeAws, timing: Parameters<typeof createSsmTransport>[0]['timing'] = quick): SsmReach {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  Object.assign(process.env, aws.env);
  const transport = createSsmTransport({ env: aws.env, timing });
  const notes: string[] = [];
  const id = (instance = 0): string => [...aws.instances.keys()][instance] ?? '';
  return {
    notes,
    id,
    connect: (settings = {}, options = {}) => {
      const instance = settings.instance ?? id();
      const target: Target = {
        name: `web${[...aws.instances.keys()].indexOf(instance) + 1}`,
        transport: 'ssm',
        address: instance,
        shell: '/bin/sh',
        ssm: { instance, ...settings },
      };
      return transport.connect(target, {
        signal: new AbortController().signal,
        hostKeys: { files: [], acceptNew: false },
        note: (message) => notes.push(message),
        ...options,
      });
    },
    look: async (path, instance = 0) => readFile(`${await aws.root(id(instance))}${path}`, 'utf8').catch(() => ''),
  };
}
