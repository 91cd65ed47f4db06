import { Chalk, type ColorSupportLevel } from 'chalk';
import type { Status } from '../model/event.ts';

/** Colours text, or leaves it as it is. */
export type Paint = (text: string) => string;

/** The marks between and before texts. */
export interface Symbols {
  status: Record<Status, string>;
  /** Stands before a line of output. */
  bar: string;
  /** Stands between facts of one line. */
  dot: string;
  ellipsis: string;
  /** Stands for zero in a table. */
  none: string;
  arrow: string;
  spinner: readonly string[];
}

/** How everything looks: few colours, one meaning each. */
export interface Style {
  bold: Paint;
  dim: Paint;
  red: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
  status: Record<Status, Paint>;
  symbols: Symbols;
}

const UNICODE: Symbols = {
  status: {
    ok: '✔',
    changed: '✚',
    'would-change': '✚',
    unknown: '?',
    skipped: '–',
    failed: '✖',
    unreachable: '✖',
    cancelled: '■',
  },
  bar: '│',
  dot: '·',
  ellipsis: '…',
  none: '·',
  arrow: '→',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
};

const ASCII: Symbols = {
  status: {
    ok: '*',
    changed: '+',
    'would-change': '+',
    unknown: '?',
    skipped: '-',
    failed: 'x',
    unreachable: 'x',
    cancelled: '#',
  },
  bar: '|',
  dot: '-',
  ellipsis: '...',
  none: '-',
  arrow: '->',
  spinner: ['|', '/', '-', '\\'],
};

/** What a style depends on: the number of colours (0 = none), and whether the locale is UTF-8. */
export interface StyleOptions {
  color: ColorSupportLevel;
  unicode: boolean;
}

/** The one place that decides colours and symbols. */
export function createStyle({ color, unicode }: StyleOptions): Style {
  const { bold, dim, red, green, yellow, cyan, magenta } = new Chalk({ level: color });
  return {
    bold,
    dim,
    red,
    green,
    yellow,
    cyan,
    status: {
      ok: green,
      changed: yellow,
      'would-change': cyan,
      unknown: magenta,
      skipped: dim,
      failed: red,
      unreachable: red,
      cancelled: magenta,
    },
    symbols: unicode ? UNICODE : ASCII,
  };
}
