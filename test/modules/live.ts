import { spawn } from 'node:child_process';
import type { ModuleContext } from '../../src/model/module.ts';
import type { Action, Converge, Resource } from '../../src/model/resource.ts';
import { quote } from '../../src/program/sh.ts';

/** The shells that everything has to run under, as far as this machine has them. */
export const shells: Record<string, string[]> = {
  dash: ['dash'],
  bash: ['bash', '--posix'],
  busybox: ['busybox', 'ash'],
  mksh: ['mksh'],
  zsh: ['zsh'],
};

/** A context for modules that ask nothing of the controller. */
export function context(more: Partial<ModuleContext> = {}): ModuleContext {
  return {
    env: {},
    check: false,
    readFile: () => Promise.reject(new Error('no files here')),
    localSource: () => undefined,
    renderText: (text) => text,
    ...more,
  };
}

export interface Ran {
  rc: number;
  stdout: string;
  stderr: string;
}

/** Runs shell text as the session would: umask 022, /usr/sbin and /sbin in PATH, nothing on standard input. */
export function runIn(shell: readonly string[], text: string, env: Record<string, string> = {}): Promise<Ran> {
  const [program = 'sh', ...args] = shell;
  const path = process.env['PATH'] ?? '/usr/bin:/bin';
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}\n`);
  const start = `if [ -n "\${ZSH_VERSION-}" ]; then emulate sh; fi\numask 022\nPATH=$PATH:/usr/sbin:/sbin\n${exports.join('')}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, '-c', start + text], {
      env: { PATH: path, HOME: '/root' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ran = { rc: -1, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (data) => {
      ran.stdout += data;
    });
    child.stderr.setEncoding('utf8').on('data', (data) => {
      ran.stderr += data;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ran, rc: code ?? -1 }));
  });
}

/** What the host says is there. Only shell probes: data probes belong to the runtime. */
export async function probe(shell: readonly string[], resource: Converge, env?: Record<string, string>): Promise<Ran> {
  const text = resource.probe.map((piece) => ('sh' in piece ? `(\n${piece.sh.sh}\n)` : 'false')).join(' &&\n');
  const ran = await runIn(shell, `LC_ALL=C\nexport LC_ALL\n${text}`, env);
  return { ...ran, stdout: ran.stdout.replace(/\n+$/, '') };
}

/** How a task on a real host ended, as the runtime decides it. */
export interface Converged {
  status: 'ok' | 'changed' | 'failed' | 'cannot tell';
  before: string;
  after: string;
  stderr: string;
}

/** Probe, compare, apply, probe again. */
export async function converge(
  shell: readonly string[],
  resource: Resource,
  env?: Record<string, string>,
): Promise<Converged> {
  if (resource.kind !== 'converge' || typeof resource.expect !== 'string') throw new Error('not a converge resource');
  const first = await probe(shell, resource, env);
  const end = { before: first.stdout, after: first.stdout, stderr: first.stderr };
  if (first.rc !== 0) return { ...end, status: first.rc === 10 ? 'cannot tell' : 'failed' };
  if (first.stdout === resource.expect) return { ...end, status: 'ok' };
  const applied = await runIn(shell, resource.apply.sh, env);
  const second = await probe(shell, resource, env);
  const good = applied.rc === 0 && (resource.verify === 'apply' || second.stdout === resource.expect);
  return { ...end, status: good ? 'changed' : 'failed', after: second.stdout, stderr: applied.stderr };
}

/** Runs an action. */
export function act(shell: readonly string[], resource: Resource, env?: Record<string, string>): Promise<Ran> {
  if (resource.kind !== 'action' || !('sh' in resource.run)) throw new Error('not an action in shell');
  return runIn(shell, `play_x() {\n${resource.run.sh}\n}\nplay_x`, env);
}

/** A resource as a reviewer reads it. */
export function golden(title: string, resource: Resource): string {
  const parts = resource.kind === 'converge' ? convergeParts(resource) : actionParts(resource as Action);
  return `#### ${title}\n${parts.map(([name, text]) => `## ${name}\n${text}\n`).join('')}`;
}

function convergeParts(resource: Converge): [string, string][] {
  return [
    ['probe', resource.probe.map((piece) => ('sh' in piece ? piece.sh.sh : JSON.stringify(piece))).join('\n')],
    ['expect', typeof resource.expect === 'string' ? resource.expect : resource.expect.sh],
    ['apply', resource.apply.sh],
    ...(resource.verify ? [['verify', JSON.stringify(resource.verify)] as [string, string]] : []),
  ];
}

function actionParts(resource: Action): [string, string][] {
  return [['run', 'sh' in resource.run ? resource.run.sh : JSON.stringify(resource.run)]];
}
