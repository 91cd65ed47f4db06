/** A mistake in the shop: where, what was written, what somebody writes instead, and the code by which it is found. */
export type Mistake = [file: string, right: string, wrong: string, code: string];

const site = 'site.yml';
const app = 'roles/app/tasks/main.yml';

/** One at a time, each is found before any host is contacted. */
export const mistakes: Mistake[] = [
  // names
  [site, '{{root}}/shop', '{{rooot}}/shop', 'E_NAME_UNKNOWN'],
  [site, '{{store.url}}', '{{store.uri}}', 'E_REGISTER_FIELD'],
  [site, '{{store.url}}', '{{stor.url}}', 'E_NAME_UNKNOWN'],
  [site, "version: '{{params.release}}'", "version: '{{params.relase}}'", 'E_FIELD_UNKNOWN'],
  [site, 'groups.store[0]', 'groups.stores[0]', 'E_FIELD_UNKNOWN'],
  [site, '{{host.name}} up', '{{host.nam}} up', 'E_FIELD_UNKNOWN'],
  [app, '{{release_dir}}/VERSION', '{{relase_dir}}/VERSION', 'E_NAME_UNKNOWN'],
  [app, "'{{version}}'", "'{{versoin}}'", 'E_NAME_UNKNOWN'],
  ['roles/app/vars.yml', '{{version}}', '{{release_dir}}', 'E_VARIABLE_CYCLE'],
  ['roles/app/templates/app.conf.hbs', '{{processes}}', '{{proceses}}', 'E_NAME_UNKNOWN'],
  ['roles/store/templates/store.conf.hbs', '{{account}}', '{{acount}}', 'E_NAME_UNKNOWN'],
  ['roles/store/role.yml', '{{account}}@', '{{acount}}@', 'E_NAME_UNKNOWN'],
  ['roles/balancer/templates/balancer.conf.hbs', '{{#each members}}', '{{#each member}}', 'E_NAME_UNKNOWN'],
  ['hosts.yml', '    root: /srv\n', '', 'E_NAME_UNKNOWN'],
  ['common.yml', 'store_port:', 'stor_port:', 'E_NAME_UNKNOWN'],
  // files, roles, includes
  [site, 'role: base', 'role: bse', 'E_USE_MISSING'],
  [site, 'vars_files: [common.yml]', 'vars_files: [comon.yml]', 'E_VARS_FILE_MISSING'],
  [site, "include: 'balancer-{{params.tier}}.yml'", "include: 'balancr-{{params.tier}}.yml'", 'E_USE_NO_MATCH'],
  ['balancer-staging.yml', '- role: balancer', '- include: balancer-staging.yml\n- role: balancer', 'E_USE_CYCLE'],
  [app, 'src: app.conf.hbs', 'src: ap.conf.hbs', 'E_FILE_MISSING'],
  // modules and their parameters
  [app, 'copy: {', 'cpy: {', 'E_MODULE_UNKNOWN'],
  [app, 'state: directory', 'state: directry', 'E_PARAM_VALUE'],
  [app, "dest: '{{shop}}/etc/app.conf'", "dst: '{{shop}}/etc/app.conf'", 'E_PARAM_UNKNOWN'],
  [app, 'mode: 0755', 'mode: 0799', 'E_PARAM_MODE'],
  ['roles/store/tasks/main.yml', 'mode: 0600', 'mode: rw', 'E_PARAM_MODE'],
  [site, 'module_defaults:\n      template:', 'module_defaults:\n      templat:', 'E_MODULE_UNKNOWN'],
  // handlers
  [app, 'notify: restart the application', 'notify: restart the aplication', 'E_HANDLER_UNKNOWN'],
  ['roles/store/handlers/main.yml', 'listen: store settings', 'listen: store setting', 'E_HANDLER_UNKNOWN'],
  // words of the language
  [site, 'serial: [1, 50%, 100%]', 'serial: [1, 150%]', 'E_ITEM_TYPE'],
  [site, 'max_fail_percentage: 25', 'max_fail_percentage: many', 'E_KEY_TYPE'],
  [site, 'run_once: play', 'run_once: once', 'E_KEY_TYPE'],
  [site, 'rescue:', 'resque:', 'E_KEY_UNKNOWN'],
  [site, '- meta: flush_handlers', '- meta: flush_handler', 'E_PARAM_VALUE'],
  [site, 'retry: { attempts: 5,', 'retry: { attempt: 5,', 'E_KEY_UNKNOWN'],
  [site, 'delay: 200ms', 'delay: 200x', 'E_DURATION'],
  [site, 'hosts: balancer', 'hosts: balancers', 'E_PATTERN_NO_MATCH'],
  [site, 'until: served.stdout == params.release', 'until: serv.stdout == params.release', 'E_NAME_UNKNOWN'],
  [site, 'until: served.stdout == params.release', 'until: served.stdout = params.release', 'E_EXPR_SYNTAX'],
  [site, 'until: served.stdout == params.release', "until: '{{served.stdout}} == params.release'", 'E_EXPR_BRACES'],
  [site, "command: 'cat {{shop}}/current/VERSION'", 'command: cat {{shop}}/current/VERSION: x', 'E_YAML_COLON'],
  [site, '      - role: app\n', '      - role: app\n            wth: {}\n', 'E_KEY_UNKNOWN'],
  // parameters
  [site, 'type: int, default: 4', 'type: int, default: four', 'E_PARAM_GIVEN'],
  [site, 'default: staging', 'default: stagng', 'E_PARAM_GIVEN'],
  [site, 'type: string, required', 'type: strng, required', 'E_PARAM_DECLARED'],
  // YAML
  [site, '  tier: {', '  release: {', 'E_YAML_DUPLICATE_KEY'],
  [app, "dest: '{{release_dir}}/VERSION'", 'dest: {{release_dir}}/VERSION', 'E_YAML_BRACES'],
];
