import type { Span } from '../model/span.ts';
import { type Problem, problem } from '../problems/problem.ts';

const advice: Record<string, string> = {
  stricthostkeychecking: 'host keys are always checked; to accept new ones use --accept-new',
  userknownhostsfile: 'set UserKnownHostsFile for the host in ssh_config',
  proxycommand: 'use proxy_jump, or ProxyJump in ssh_config',
  identityfile: 'use key',
  user: 'use user',
  port: 'use port',
  controlmaster: 'leave it out: play keeps one connection a host open by itself',
  controlpersist: 'leave it out: play keeps one connection a host open by itself',
  controlpath: 'leave it out: play keeps one connection a host open by itself',
  i: 'use key',
  l: 'use user',
  p: 'use port',
  f: 'set it for the host in ssh_config',
};
const otherAdvice =
  'only a jump host can be given here (-J or -o ProxyJump=…); set the rest for the host in ssh_config';

/**
 * The jump hosts in ssh arguments (`-J a,b`, `-o ProxyJump=a`). Every other argument is a problem that names what to use:
 * play speaks SSH itself and would silently not do it.
 */
export function jumpHosts(
  text: string,
  { host, setting, at }: { host: string; setting: string; at: Span | undefined },
): { jump?: string; problems: Problem[] } {
  const problems: Problem[] = [];
  let jump: string | undefined;
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)?.map((word) => word.replaceAll(/["']/g, '')) ?? [];
  for (let i = 0; i < words.length; i++) {
    const flag = /^-([A-Za-z])(.*)$/s.exec(words[i] ?? '');
    const letter = flag?.[1] ?? '';
    const takesValue = /[BbcDEeFIiJLlmOopQRSWw]/.test(letter);
    if (takesValue && flag?.[2] === '') i += 1;
    const value = flag?.[2] || (takesValue ? (words[i] ?? '') : '');
    const option = letter === 'o' ? /^([A-Za-z]+)\s*[= ]?\s*(.*)$/s.exec(value) : undefined;
    const name = (option?.[1] ?? letter).toLowerCase();
    if (letter === 'J' && value !== '') jump = value;
    else if (name === 'proxyjump' && option?.[2]) jump = option[2];
    else {
      const argument = option ? `-o ${value}` : flag ? `-${letter}` : (words[i] ?? '');
      problems.push(problem('E_TARGET_SSH_ARGS', { host, setting, argument, advice: advice[name] ?? otherAdvice }, at));
    }
  }
  return { problems, ...(jump !== undefined && { jump }) };
}
