import { describe, expect, it } from 'vitest';
import { toTarget } from '../../src/inventory/target.ts';
import type { Fields } from '../../src/model/value.ts';
import { shown } from './rig.ts';

const target = (vars: Fields, more = {}) => toTarget({ name: 'web1', get: (name) => vars[name], ...more });

describe('connection settings', () => {
  it('are the name and ssh when nothing is said', () => {
    expect(target({})).toEqual({
      target: { name: 'web1', transport: 'ssh', address: 'web1', shell: '/bin/sh' },
      problems: [],
    });
  });

  const whole = {
    name: 'web1',
    transport: 'ssh',
    address: '10.0.0.1',
    port: 2222,
    user: 'deploy',
    keys: ['/home/me/.ssh/id'],
    password: 'p',
    becomePassword: 'b',
    proxyJump: 'me@jump:22,two',
    shell: '/bin/dash',
  };

  it.each([
    [
      'short names',
      {
        address: '10.0.0.1',
        port: 2222,
        user: 'deploy',
        key: '~/.ssh/id',
        password: 'p',
        become: true,
        become_user: 'app',
        become_password: 'b',
        proxy_jump: 'me@jump:22, two',
        shell: '/bin/dash',
        connection: 'ssh',
      },
    ],
    [
      "Ansible's names",
      {
        ansible_host: '10.0.0.1',
        ansible_port: '2222',
        ansible_user: 'deploy',
        ansible_ssh_private_key_file: ['~/.ssh/id'],
        ansible_ssh_pass: 'p',
        ansible_become: 'yes',
        ansible_become_user: 'app',
        ansible_become_pass: 'b',
        ansible_become_method: 'sudo',
        ansible_ssh_common_args: '-o ProxyJump=me@jump:22,two',
        ansible_shell_executable: '/bin/dash',
        ansible_connection: 'smart',
        ansible_python_interpreter: '/usr/bin/python3',
      },
    ],
  ])('are read from %s', (_, vars) => {
    expect(target(vars, { home: '/home/me' })).toEqual({
      target: whole,
      become: { enabled: true, user: 'app' },
      problems: [],
    });
  });

  it.each([['local'], ['ansible.builtin.local']])('know connection %s', (connection) => {
    expect(target({ ansible_connection: connection }).target.transport).toBe('local');
  });

  it.each([
    [{ ansible_connection: 'aws_ssm', ansible_aws_ssm_instance_id: 'i-0123456789abcdef0' }],
    [{ connection: 'ssm', instance_id: 'i-0123456789abcdef0' }],
    [{ connection: 'community.aws.aws_ssm', ansible_host: 'i-0123456789abcdef0' }],
  ])('know an instance of Systems Manager by %j', (vars) => {
    const found = target({ ...vars, ansible_aws_ssm_region: 'eu-west-1', ansible_aws_ssm_bucket_name: 'our-runs' });
    expect(found.problems).toEqual([]);
    expect(found.target).toMatchObject({
      transport: 'ssm',
      ssm: { instance: 'i-0123456789abcdef0', region: 'eu-west-1', bucket: 'our-runs' },
    });
  });

  it.each([['-J me@jump'], ['-Jme@jump'], ['-oProxyJump=me@jump'], ['-o "ProxyJump me@jump"']])(
    'find the jump host in %s',
    (text) => {
      expect(target({ ansible_ssh_common_args: text })).toMatchObject({
        target: { proxyJump: 'me@jump' },
        problems: [],
      });
    },
  );

  it('yield to the command line', () => {
    const overrides = { user: 'root', keys: ['/k'], transport: 'local' as const };
    expect(target({ user: 'deploy', key: '/other' }, { overrides }).target).toMatchObject(overrides);
  });

  it('may be said twice when they agree', () => {
    const both = target({ ansible_port: '22', port: 22, ansible_host: 'a', address: 'a' });
    expect(both).toMatchObject({ target: { port: 22, address: 'a' }, problems: [] });
  });

  it('point at the variable', () => {
    const at = { file: 'hosts.yml', start: 3, end: 5 };
    expect(target({ port: 0 }, { locate: () => at }).problems[0]?.at).toEqual(at);
  });

  it.each<[Fields, string]>([
    [{ port: 0 }, 'port of web1 must be a number from 1 to 65535, but it is 0'],
    [{ port: 22.5 }, 'port of web1 must be a number from 1 to 65535, but it is 22.5'],
    [{ ansible_port: 'ssh' }, 'ansible_port of web1 must be a number from 1 to 65535, but it is other text'],
    [{ user: 1000 }, 'user of web1 must be text, but it is a number; put it in quotes'],
    [{ user: '-l' }, 'user of web1 must be a plain name, but it starts with "-"'],
    [{ user: '' }, 'user of web1 must be a plain name, but it is empty'],
    [{ address: '-oProxyCommand=x' }, 'address of web1 must be a plain name, but it starts with "-"'],
    [{ ansible_host: 'a;b' }, 'ansible_host of web1 must be a plain name, but it holds the character ;'],
    [{ ansible_host: 'a\nb' }, 'ansible_host of web1 must be a plain name, but it holds a line break'],
    [{ become_user: 'a b' }, 'become_user of web1 must be a plain name, but it holds a space'],
    [{ password: 12 }, 'password of web1 must be text, but it is a number, which may lose digits; put it in quotes'],
    [{ key: [] }, 'key of web1 must be a file name, or a list of them, but it holds something else'],
    [
      { connection: 'ssm' },
      'web1 is reached through Systems Manager, and "web1" is no instance id | give it one, as in ansible_aws_ssm_instance_id: i-0123456789abcdef0 (play inventory shows what an aws_ec2 or aws_ssm source finds)',
    ],
    [{ shell: 'bash' }, 'shell of web1 must be the full path of a shell, but it is not one'],
    [{ become: 'maybe' }, 'become of web1 must be true or false, but it is other text'],
    [{ proxy_jump: '-oX' }, 'proxy_jump of web1 must be user@host:port, several joined by commas, but it is not that'],
    [
      { connection: 'docker' },
      'connection of web1 is "docker", which play does not know | known are ssh, ssm and local',
    ],
    [
      { connection: 'constructor' },
      'connection of web1 is "constructor", which play does not know | known are ssh, ssm and local',
    ],
    [
      { ansible_become_method: 'su' },
      'ansible_become_method of web1 is "su", which play does not know | play becomes another user with sudo',
    ],
    [
      { ansible_port: 22, port: 8080 },
      'web1 has ansible_port and port, and they differ | both say the same thing about the connection: keep one; a variable of the application needs another name',
    ],
    [
      { ansible_ssh_common_args: '-o StrictHostKeyChecking=no' },
      'ansible_ssh_common_args of web1 holds "-o StrictHostKeyChecking=no", which play does not take | host keys are always checked; to accept new ones use --accept-new',
    ],
    [
      { ansible_ssh_common_args: '-o ProxyCommand="ssh -W %h:%p jump"' },
      'ansible_ssh_common_args of web1 holds "-o ProxyCommand=ssh -W %h:%p jump", which play does not take | use proxy_jump, or ProxyJump in ssh_config',
    ],
    [
      { ansible_ssh_extra_args: '-C' },
      'ansible_ssh_extra_args of web1 holds "-C", which play does not take | only a jump host can be given here (-J or -o ProxyJump=…); set the rest for the host in ssh_config',
    ],
  ])('refuse %j', (vars, message) => {
    expect(target(vars).problems.map((p) => shown(p))).toEqual([message]);
  });
});
