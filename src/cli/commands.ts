/** The commands beside running a playbook. */
export const commands = [
  'apply',
  'check',
  'completion',
  'inventory',
  'lint',
  'list',
  'modules',
  'plan',
  'runs',
  'secret',
  'show',
  'table',
  'why',
];
