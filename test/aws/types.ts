import type { Faults } from './faults.ts';
import type { LambdaFunction } from './small/others.ts';

/** One instance as a test describes it; what is not said gets a value that is plausible and the same on every start. */
export interface InstanceSpec {
  /** `i-…` of EC2, or `mi-…` of a hybrid activation, which EC2 knows nothing of. */
  id?: string;
  /** The tag `Name`. */
  name?: string;
  tags?: Record<string, string>;
  region?: string;
  state?: InstanceState;
  /** Whether the SSM agent has registered; a node that has not is none for Systems Manager. */
  managed?: boolean;
  ping?: 'Online' | 'ConnectionLost' | 'Inactive';
  platform?: 'Linux' | 'Windows';
  type?: string;
  privateIp?: string;
  publicIp?: string;
}

export type InstanceState = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped';

/** An instance of the fake, changeable while it runs: a test stops one by setting its `state`. */
export interface Instance extends Required<Omit<InstanceSpec, 'publicIp' | 'name'>> {
  publicIp: string | undefined;
  hostname: string;
  launchedAt: Date;
}

/** Answers without processes, for runs of thousands of instances. */
export interface Canned {
  /** How many instances, beside those that are listed. */
  instances: number;
  /** What a command prints on an instance; the number of its exit where it is not 0. Called when the output is read. */
  output: (script: string, instanceId: string) => string | { stdout: string; stderr?: string; code?: number };
  /** Milliseconds that a command takes; 0 when not said. */
  delay?: number | ((instanceId: string) => number);
  region?: string;
}

export interface AwsOptions {
  /** So many Linux instances, or a description of each. */
  instances?: number | InstanceSpec[];
  canned?: Canned;
  faults?: Faults;
  port?: number;
  region?: string;
  account?: string;
  /** Real milliseconds in a second of AWS's timeouts: 10 makes a delivery timeout of 30 s pass in 300 ms. */
  secondMs?: number;
  /** Environment of the commands on the instances, beside that of the agent; is given what leads an SDK there to this fake. */
  environment?: (instanceEnv: Record<string, string>) => Record<string, string>;
  /** Names and values of parameters that are there from the start; an object for one that is no String. */
  parameters?: Record<string, string | { value: string; type: 'String' | 'StringList' | 'SecureString' }>;
  secrets?: Record<string, string>;
  buckets?: string[];
  queues?: string[];
  topics?: string[];
  /** Functions of Lambda by name. */
  functions?: Record<string, LambdaFunction>;
}

/** One call of the API, as it came in. */
export interface Call<Input = Record<string, unknown>> {
  /** As IAM writes it: `ssm`, `ec2`, `s3` … */
  service: string;
  action: string;
  region: string;
  accessKeyId: string;
  at: Date;
  params: Input;
}

/** A call in the log, with the code of the error that answered it. */
export interface LoggedCall extends Call {
  error?: string;
}

/** What goes back over HTTP. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** An API operation; `never` because each knows the shape of its own input. */
export type Action = (call: Call<never>) => unknown;

/** The operations of one service by name. */
export type Service = Record<string, Action>;
