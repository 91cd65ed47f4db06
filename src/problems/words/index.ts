import { analyzeWords } from './analyze.ts';
import { cliWords } from './cli.ts';
import { connectWords } from './connect.ts';
import { exprWords } from './expr.ts';
import { hostKeyWords } from './host-keys.ts';
import { inventoryWords } from './inventory.ts';
import { libraryWords } from './library.ts';
import { moduleWords } from './module.ts';
import { playbookWords } from './playbook.ts';
import { runWords } from './run.ts';
import { yamlWords } from './yaml.ts';

/** Every code with its sentence, its advice and its exit code. One file per area, so that the tool's voice can be read in one folder. */
export const words = {
  ...yamlWords,
  ...playbookWords,
  ...inventoryWords,
  ...exprWords,
  ...analyzeWords,
  ...connectWords,
  ...hostKeyWords,
  ...moduleWords,
  ...libraryWords,
  ...runWords,
  ...cliWords,
};

/** A stable code, `E_…`. */
export type Code = keyof typeof words;

/** What the words of a code need to know. */
export type FactsOf<C extends Code> = Parameters<(typeof words)[C]['say']>[0];
