/** How to reach one host, fully resolved: no templates, no ssh_config left. */
export interface Target {
  /** The inventory name, for messages. */
  name: string;
  transport: 'local' | 'ssh' | 'ssm';
  address: string;
  port?: number;
  user?: string;
  /** Private key files, in the order they are tried. */
  keys?: string[];
  password?: string;
  passphrase?: string;
  /** Jump hosts, `user@host:port`, comma separated as in ssh_config ProxyJump. */
  proxyJump?: string;
  /** The shell that runs the session: /bin/sh unless `ansible_shell_executable` says otherwise. */
  shell: string;
  becomePassword?: string;
  /** How AWS Systems Manager reaches it; there where `transport` is ssm. */
  ssm?: SsmSettings;
}

/** An instance as AWS Systems Manager knows it. */
export interface SsmSettings {
  /** `i-…` of EC2, `mi-…` of a hybrid activation. */
  instance: string;
  /** Undefined: that of the environment or the profile. */
  region?: string;
  profile?: string;
  /** For what is too long for a command or must not be recorded in one; undefined: such tasks are refused or take more commands. */
  bucket?: string;
  /** The KMS key that encrypts objects in the bucket; undefined: S3's own. */
  kmsKey?: string;
  /** `tag:KEY=VALUE`: exactly the hosts with this setting carry the tag, so that one command may go to all of them by it. */
  tagTarget?: string;
  /** Percentage of hosts that may fail before the service gives the command to no more of them; undefined: any. */
  mayFail?: number;
  /** Seconds that a command may wait for its instance (`TimeoutSeconds` of SendCommand, 30 to 2,592,000). */
  deliveryTimeout?: number;
}

/** What a pipe can and cannot do, as data, so that no caller asks which transport it has. */
export interface Capabilities {
  /** The program can be sent piece by piece while results come back. */
  interactive: boolean;
  /** Output arrives while a step runs. */
  streams: boolean;
  /**
   * What is sent is kept where others can read it, so secrets must not be in it: the pipe asks `secretsIn` of the connect options and either finds
   * another way for them or ends as `refused`.
   */
  recorded: boolean;
}

/**
 * How a pipe came to its end. `refused` = it is certain that nothing ran; the error is a ProblemError that says why. `lost` = no exit status ever came: what ran is not known. `held` = the command has ended, and something
 * that it started still holds its output.
 */
export type PipeEnd =
  | { kind: 'exit'; code: number; signal?: string; held?: boolean }
  | { kind: 'refused'; error: Error }
  | { kind: 'lost'; reason: string };

/** Where a pipe's bytes go. Called in order, never after `ended` has settled. */
export interface PipeSink {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

/** One running command: bytes in, two streams of bytes out. */
export interface Pipe {
  /** Resolves when more may be written; rejects never: a broken pipe shows in `ended`. */
  write(bytes: Buffer | string): Promise<void>;
  /** Closes standard input. */
  end(): void;
  /** Settles exactly once, also when the connection is lost. */
  ended: Promise<PipeEnd>;
  /** Closes the channel without waiting for the command. */
  close(): void;
}

/** A live connection to one host. */
export interface Connection {
  capabilities: Capabilities;
  /** Runs `command` by the login shell of the host. Throws ProblemError when the channel is refused or does not open in time. */
  open(command: string, sink: PipeSink): Promise<Pipe>;
  close(): Promise<void>;
}

/** One kind of pipe to a host. */
export interface Transport {
  name: Target['transport'];
  /** It spreads the work over the hosts by itself, so all of them may be at work at once. */
  spreads?: true;
  /** Throws ProblemError: what was tried, what is known, what to do. */
  connect(target: Target, options: ConnectOptions): Promise<Connection>;
}

/** What connecting may use and must respect. */
export interface ConnectOptions {
  signal: AbortSignal;
  hostKeys: HostKeyPolicy;
  /** ssh_config file; undefined = ~/.ssh/config. */
  sshConfig?: string;
  /** Asks a person; undefined without a terminal. One question at a time. */
  ask?: (question: string, options: { echo: boolean }) => Promise<string>;
  /** Spreads the handshakes of a run; undefined = the transport's own limits. */
  pace?: Pace;
  /** The secrets that these bytes hold, in any encoding. Only pipes that are recorded ask. */
  secretsIn?: (bytes: Uint8Array) => readonly SecretUse[];
  /** Whether the run knows any secret. */
  hasSecrets?: () => boolean;
  /** At most so many hosts at once, where the transport itself spreads the work; undefined: as it likes. */
  atOnce?: number;
  /** The run, as a service that lists its commands is to call them. */
  run?: string;
  /** How many hosts of the inventory carry this tag target; a command goes by it only when all of them are in it. Undefined: by no tag. */
  tagged?: (tagTarget: string) => number | undefined;
  /** Told when a command that runs on without us has been sent, and when its end was seen. */
  outstanding?: (command: Outstanding) => void;
  /** Takes what is worth knowing and no fault: an agent that did not answer, a setting of ssh_config that is not followed. */
  note?: (message: string) => void;
}

/** Limits how many handshakes are in flight, in all and per address. */
export interface Pace {
  /** Runs `work` when there is room at every address it goes through. Rejects with the signal's reason when aborted before. */
  run<T>(addresses: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** Which host keys are accepted. Unknown keys are refused unless a person says yes or `acceptNew`; changed keys always. */
export interface HostKeyPolicy {
  /** Files to read, first one is written to; empty = what ssh_config says, else ~/.ssh/known_hosts and the system's. */
  files: string[];
  acceptNew: boolean;
}

/** A secret in something that is about to be sent. */
export interface SecretUse {
  value: string;
  /** Where the host can read it by itself; undefined: nowhere. */
  source?: SecretStore;
}

/** A place of AWS that keeps secrets. */
export interface SecretStore {
  service: 'ssm' | 'secretsmanager';
  /** Of the parameter, or the name or ARN of the secret. */
  name: string;
  region?: string;
}

/** A command that was handed to a service, which runs it whether we are there or not; or the hosts at which it has come to an end. */
export interface Outstanding {
  /** As the service knows it. */
  id: string;
  region: string;
  hosts: readonly string[];
  state: 'sent' | 'ended';
}
