import { analyzeWords } from './analyze.ts';
import { awsWords } from './aws.ts';
import { awsInventoryWords } from './aws-inventory.ts';
import { cliWords } from './cli.ts';
import { connectWords } from './connect.ts';
import { exprWords } from './expr.ts';
import { hostKeyWords } from './host-keys.ts';
import { iniWords } from './ini.ts';
import { inventoryWords } from './inventory.ts';
import { inventorySourceWords } from './inventory-source.ts';
import { libraryWords } from './library.ts';
import { moduleWords } from './module.ts';
import { paramsWords } from './params.ts';
import { playbookWords } from './playbook.ts';
import { reuseWords } from './reuse.ts';
import { runWords } from './run.ts';
import { savedPlanWords } from './saved-plan.ts';
import { secretsWords } from './secrets.ts';
import { ssmWords } from './ssm.ts';
import { storedWords } from './stored.ts';
import { tableWords } from './table.ts';
import { warningWords } from './warnings.ts';
import { yamlWords } from './yaml.ts';

/** Every code with its sentence, its advice and its exit code. One file per area, so that the tool's voice can be read in one folder. */
export const words = {
  ...yamlWords,
  ...playbookWords,
  ...paramsWords,
  ...inventoryWords,
  ...iniWords,
  ...inventorySourceWords,
  ...exprWords,
  ...analyzeWords,
  ...connectWords,
  ...hostKeyWords,
  ...moduleWords,
  ...reuseWords,
  ...libraryWords,
  ...runWords,
  ...savedPlanWords,
  ...cliWords,
  ...secretsWords,
  ...tableWords,
  ...awsWords,
  ...ssmWords,
  ...awsInventoryWords,
  ...storedWords,
  ...warningWords,
};

/** A stable code: `E_…`, or `W_…` for what only warns. */
export type Code = keyof typeof words;

/** What the words of a code need to know. */
export type FactsOf<C extends Code> = Parameters<(typeof words)[C]['say']>[0];
