import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fields, Value } from '../../src/model/value.ts';
import { fillIn } from '../modules/rig/cases.ts';
import type { Ended, Side, Task } from './sides.ts';

/** Ansible, all tasks of a module in one playbook on this machine. Each result is registered; the last task writes them all down. */
export const ansibleSide: Side = {
  name: 'agreeb',
  async run(tasks, { module, folder, env }) {
    const results = join(folder, 'results.json');
    const all = `{{ {${tasks.map((_, i) => `'${i}': result_${i}`).join(', ')}} | to_json }}`;
    const play = {
      hosts: 'all',
      gather_facts: false,
      ignore_errors: true,
      tasks: [
        ...tasks.map((task, i) => ({
          [module.theirs]: new Verbatim(argumentsOf(task, join(folder, 'controller', String(i)))),
          register: `result_${i}`,
        })),
        { 'ansible.builtin.copy': { content: all, dest: results } },
      ],
    };
    const playbook = join(folder, 'playbook.yml');
    writeFileSync(join(folder, 'ansible.cfg'), '');
    writeFileSync(playbook, `- ${yaml(play)}\n`);
    const said = await ansiblePlaybook(playbook, { ...env, ...settings(folder) });
    try {
      const found = JSON.parse(readFileSync(results, 'utf8')) as Record<string, Fields>;
      return tasks.map((_, i) => endedAs(found[i] ?? {}));
    } catch {
      throw new Error(`ansible-playbook gave no results for ${module.module}:\n${said}`);
    }
  },
};

/** Arguments in which `{{` is text. */
class Verbatim {
  readonly args: Value;

  constructor(args: Value) {
    this.args = args;
  }
}

/** Files of the controller lie in a folder of the task's own, and are named by their full paths. */
function argumentsOf({ pair, root }: Task, controller: string): Value {
  const names = Object.keys(pair.files ?? {});
  for (const name of names) {
    const path = join(controller, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, pair.files?.[name] ?? '');
  }
  const [module, given = {}] = Object.entries(pair.task)[0] ?? [];
  const args = fillIn(given, { root, shell: 'agreeb' }) as Fields;
  // The one module that takes its text in free form only.
  const keyOf = (key: string): string => (module === 'raw' && key === 'cmd' ? '_raw_params' : key);
  const isOurs = (text: Value): text is string =>
    typeof text === 'string' &&
    names.some(
      (name) => text === name || text.startsWith(`${name} `) || name.startsWith(`${text.replace(/\/$/, '')}/`),
    );
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [keyOf(key), isOurs(value) ? `${controller}/${value}` : value]),
  );
}

/** Ansible's result as one of ours. */
function endedAs(result: Fields): Ended {
  const status = result['failed'] === true ? 'failed' : result['changed'] === true ? 'changed' : 'ok';
  return { status, fields: result, message: String(result['msg'] ?? '') };
}

/** JSON, which is YAML too, with strings of the cases marked so that no template is seen in them. */
function yaml(value: unknown, verbatim = false): string {
  if (value instanceof Verbatim) return yaml(value.args, true);
  if (typeof value === 'string') return `${verbatim ? '!unsafe ' : ''}${JSON.stringify(value)}`;
  if (Array.isArray(value)) return `[${value.map((item) => yaml(item, verbatim)).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${yaml(item, verbatim)}`);
  return `{${entries.join(', ')}}`;
}

function settings(folder: string): Record<string, string> {
  return {
    ANSIBLE_LOCAL_TEMP: join(folder, 'local-temp'),
    ANSIBLE_REMOTE_TEMP: join(folder, 'remote-temp'),
    // None but ours: a file that is empty.
    ANSIBLE_CONFIG: join(folder, 'ansible.cfg'),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PIPELINING: '1',
    ANSIBLE_RETRY_FILES_ENABLED: '0',
    LC_ALL: 'C.UTF-8',
  };
}

function ansiblePlaybook(playbook: string, env: NodeJS.ProcessEnv): Promise<string> {
  const where = ['-i', 'localhost,', '-c', 'local', '-e', 'ansible_python_interpreter=/usr/bin/python3'];
  return new Promise((resolve, reject) => {
    const child = spawn('ansible-playbook', [...where, playbook], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
    }
    child.on('error', reject);
    child.on('close', () => resolve(said.slice(-3000)));
  });
}
