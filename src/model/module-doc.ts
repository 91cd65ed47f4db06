/** One parameter as documentation shows it. */
export interface ParamDoc {
  /** `path`, or `any name` where a module takes any. */
  name: string;
  /** The type in few words: `string`, `present, absent`, `list of string`. */
  kind: string;
  required: boolean;
  /** As YAML would have it; undefined: there is none. */
  default?: string;
  meaning: string;
}

/** What a module is for, as `play modules` shows it. */
export interface ModuleDoc {
  name: string;
  summary: string;
  /** `built in`, or the file or folder that it comes from. */
  from: string;
  on: 'host' | 'controller' | 'both';
  idempotent: boolean;
  checkMode?: boolean;
  params: ParamDoc[];
  /** Sentences about parameters that need or exclude each other, and the short form. */
  rules: string[];
  /** Fields beside those that every result has; undefined: it does not say which. */
  result?: Record<string, string>;
  facts?: Record<string, string>;
  /** YAML text, ready to be put under `tasks`. */
  examples: string;
}

/** A row of the list of modules. */
export interface ModuleRow {
  name: string;
  summary: string;
  from: string;
}
