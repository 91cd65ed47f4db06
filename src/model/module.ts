import type { Static, TSchema } from 'typebox';
import type { Failure, Status } from './event.ts';
import type { Said } from './log.ts';
import type { Outcome, Resource } from './resource.ts';
import type { Span } from './span.ts';
import type { Fields, Value } from './value.ts';

/** A `text` shell parameter once rendered: author text in which every value is a reference to one of these shell variables. */
export interface ShellText {
  text: string;
  assign: Record<string, string>;
}

/** Author text in SQL once rendered: the values stand between the texts, never in them. There is one text more than there are values. */
export interface SqlText {
  texts: string[];
  values: Value[];
}

/** What every module can ask about its surroundings; files are the controller's. */
export interface ModuleContext {
  /** Environment and directory for author code, already rendered. */
  env: Record<string, string>;
  cwd?: string;
  check: boolean;
  /** Reads a file of the controller: a relative path is looked up beside the playbook, then in its `files/` (or `templates/`). Throws ProblemError. */
  readFile(path: string, kind: 'files' | 'templates'): Promise<Uint8Array>;
  /** The absolute path of a file or folder of this machine that a task reads, looked up as by `readFile`; undefined: there is none. */
  localSource(path: string, kind: 'files' | 'templates'): string | undefined;
  /** Renders template text with the task's scope. */
  renderText(text: string, file: string): string;
}

/** Something wrong in the parameters of a task, and where in them. */
export interface Mistake {
  path: (string | number)[];
  detail: string;
  advice?: string;
}

interface Base<P extends TSchema> {
  /** The YAML key, equal to the file name. */
  name: string;
  /** One sentence: what is true after the task. */
  summary: string;
  params: P;
  /** Fields of `register` beside the common ones: name → one sentence. */
  result: Record<string, string>;
  /** The result may have fields that `result` does not name, so that reading any of them is right. */
  openResult?: true;
  /** Variables that become the host's: name → one sentence. `set_fact` is told apart by its parameters. */
  facts?: Record<string, string>;
  /** Their names, where these follow from the parameters as the author wrote them; a template may still stand in those. */
  factNames?(params: Fields): string[];
  examples: Fields[];
  /** `true`: a second run is all ok. `false`: it always acts, and the docs say so. */
  idempotent: boolean;
  /** For the documentation of modules that say it: whether it runs in check mode, changing nothing. */
  checkMode?: boolean;
  /** The parameter that a task without a name is called by, where it is not the usual one. */
  telling?: string;
  /** The parameter that a bare scalar stands for: `command: ls` means `command: {cmd: ls}`. */
  shorthand?: string;
  /**
   * Parameters that are shell text, where `{{x}}` becomes a variable reference and never text. Authors write a string;
   * `resource` gets a ShellText for `text` and the final words (`string[]`) for `words`.
   */
  shellText?: Record<string, 'text' | 'words'>;
  /**
   * Whether the text at this place of the parameters is SQL, where `{{x}}` becomes a bound value and never text. Authors write a string;
   * `run` gets a SqlText in its place.
   */
  sqlText?(path: readonly (string | number)[]): boolean;
  /** Parameters that name a file of the controller, and where a relative one is looked up; `templates` are compiled before the run. */
  reads?: Record<string, 'files' | 'templates'>;
  /** A parameter that says, unless it is false or `controller`, that these files are not of the controller after all. */
  readsUnless?: string;
  /** Those among them that may name a folder, too. */
  folders?: string[];
  /** Parameters that are CEL conditions, not templates. */
  conditions?: string[];
  /** Parameters that are CEL expressions of any type, not templates. */
  expressions?: string[];
  /**
   * Mistakes that show in the parameters as the author wrote them, with templates still in them; their schema has been checked. `near` is a
   * file beside the playbook, for packages that are installed there.
   */
  mistakes?(written: Fields, near: string): Mistake[];
  /** A failure is not that of the attempt, and stands even where `until` holds: more attempts would not change it. */
  failsForGood?: boolean;
  /** Parameters that people know from elsewhere and that it does not have: name → what to do instead, as a hint says it. */
  foreignParams?: Record<string, string>;
  /** CEL expressions inside of parameters, by where they stand; they are no templates. */
  expressionsIn?(written: Fields): { path: (string | number)[]; text: string }[];
  /**
   * Parameters with texts that must be more than a schema can say, such as addresses: what is wrong with one, in words after "it"; undefined:
   * nothing. Asked before the run for each text without a template, also those in a list; `run` and `resource` check the rest.
   */
  texts?: Record<string, (text: string) => string | undefined>;
  /** Groups of parameters of which at most one may be given. */
  exclusive?: string[][];
  /** Groups of parameters of which at least one must be given. */
  requireOne?: string[][];
}

/** A task that becomes a program for the host's shell. */
export interface HostModule<P extends TSchema = TSchema> extends Base<P> {
  on: 'host';
  resource(params: Static<P>, context: ModuleContext): Resource | Promise<Resource>;
  /** What is done instead when the parameters ask for more than one resource can do (a folder); undefined: they do not. Throws ProblemError. */
  visits?(params: Static<P>, context: ModuleContext): ((context: BothContext) => Promise<ControllerResult>) | undefined;
}

/** What a task may ask of the run itself; `exit` ends it for all hosts, with a code that is 0 or not one of play's own. */
export type Steer = 'flush_handlers' | 'end_host' | 'end_play' | 'reset_connection' | { exit: number };

/** A host or a group that joins the inventory for the rest of the run. */
export interface Joining {
  host: string;
  /** Groups that it is in from now on; new ones are made. */
  groups: string[];
  /** Groups around those. */
  parents: string[];
  /** Variables of the host. */
  vars: Fields;
}

/** What a controller module reports. */
export interface ControllerResult {
  changed: boolean;
  failed?: string;
  fields: Fields;
  /** Text for people. */
  message?: string;
  /** For the log of the run. */
  log?: Said;
  /** What has changed or would change, as `--diff` shows it. */
  diff?: string;
  /** Variables that become the host's from here on. */
  facts?: Fields;
  /** Added to the inventory, in check mode too: later plays are about it. */
  joins?: Joining;
  /** Asked of the run, outside check mode. */
  steer?: Steer;
  /** In check mode: nothing was done, and what would be is not known, for this reason. */
  unknown?: string;
  /** In check mode: nothing was done, so the fields are not those of the real run, and what reads them is not known either. */
  isForecast?: true;
  /** In check mode: it may have failed only because earlier tasks have not done their work, and is unknown then. */
  mayBeEarly?: true;
}

/** What a controller module can reach. */
export interface ControllerContext extends ModuleContext {
  host: string;
  /** Evaluates a CEL condition in the task's scope. Throws ProblemError. */
  evaluate(condition: string): Value;
  /** The absolute path of a file of this machine that a task writes: beside the playbook, or in the home after `~/`. */
  localTarget(path: string): string;
  /**
   * What CEL expressions give for each host of the play, with its name as `host`: null where a host lacks what is read, and for hosts that
   * cannot be reached. Facts are gathered where they are not known yet. Throws ProblemError.
   */
  ofHosts(
    expressions: readonly { name: string; text: string; path: readonly (string | number)[] }[],
  ): Promise<Fields[]>;
  /** Where something of the parameters stands in the playbook. */
  placeOf(path: readonly (string | number)[]): Span;
  /** The value of a name in the task's scope. */
  lookup(name: string): Value | undefined;
  signal: AbortSignal;
  /** Every text in a value is a secret from now on: nobody sees it in what play shows and records. */
  secret(value: Value): void;
  /** Asks on the terminal; throws ProblemError without one. */
  ask(question: string, options: { echo: boolean }): Promise<string>;
}

/** A task that runs in Node. */
export interface ControllerModule<P extends TSchema = TSchema> extends Base<P> {
  on: 'controller';
  /** Throws ProblemError for what the schema cannot say. Asked before the run where all parameters are known; `run` has to see it itself. */
  refuse?(params: Static<P>): void;
  /** `true`: instant and without an effect outside the run, so it is decided while a segment is planned. */
  pure: boolean;
  run(params: Static<P>, context: ControllerContext): ControllerResult | Promise<ControllerResult>;
}

/** How one step of a visit ended. */
export interface VisitAnswer extends Omit<Outcome, 'stdout' | 'changed'> {
  status: Status;
  /** Up to 8 MiB of it, then its head and tail; `received` gets all. */
  stdout: Buffer;
  /** What the resource makes of its outcome, and the fields every result has. */
  fields: Fields;
  failure?: Failure;
}

/**
 * Runs steps on the task's host, one after the other, as the task's user; in check mode what has a probe is only probed, and what has none
 * does not run unless it only reads. Edits cannot be asked for. `received` gets what a step prints as it comes.
 * Throws ProblemError when the host cannot be reached or a step fails, which ends the visit; with `mayFail` the answers tell, and the steps
 * behind it have none.
 */
export type Visit = (
  resources: readonly Resource[],
  options?: { received?: (index: number, chunk: Buffer) => void; mayFail?: boolean },
) => Promise<VisitAnswer[]>;

/** What a module that goes back and forth can reach. */
export interface BothContext extends ControllerContext {
  visit: Visit;
  /** What modules keep for this host until the run ends; a key begins with the module's name. */
  kept: Map<string, unknown>;
  /** Whether a parameter was made from what hosts have said: facts, results of tasks, or items that are those. */
  isFromHosts(param: string): boolean;
  /** Says how far long work has come, as a line of output. */
  progress(line: string): void;
}

/** A task that runs in Node and asks the host for one thing after the other: what is to be done follows from what was found. */
export interface BothModule<P extends TSchema = TSchema> extends Base<P> {
  on: 'both';
  /** As of a controller module. */
  refuse?(params: Static<P>): void;
  run(params: Static<P>, context: BothContext): Promise<ControllerResult>;
}

/** Any module. */
export type Module = HostModule | ControllerModule | BothModule;

/** A module that is known by name and is read only when a task uses it. Throws ProblemError when it is not as it must be. */
export type LoadModule = () => Promise<Module>;

/** Modules by YAML key, as far as they have been read. */
export type Modules = Readonly<Record<string, Module | LoadModule>>;
