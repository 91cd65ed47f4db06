/** What is made of a table. Without a path it is text for `register`, or for the terminal. */
export type Sink =
  | {
      kind: 'csv' | 'tsv' | 'json' | 'ndjson' | 'markdown' | 'terminal';
      path?: string;
      delimiter?: string;
      header?: boolean;
    }
  | { kind: 'html'; path?: string; title?: string }
  | { kind: 'parquet'; path: string }
  | { kind: 'sqlite'; path: string; table: string; mode: 'replace' | 'append' }
  | {
      kind: 'chart';
      path?: string;
      type: 'line' | 'bar';
      x: string;
      y: string[];
      series?: string;
      title?: string;
      width?: number;
      height?: number;
    };
