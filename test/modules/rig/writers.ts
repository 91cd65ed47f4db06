import type { Fields } from '../../../src/model/value.ts';
import type { FileState } from './files.ts';

/** A task that writes, to be tried where writing fails and under names that are odd. */
export interface Writer {
  /** The files before; `f` stands for what `$F` names. */
  start: Record<string, FileState>;
  /** `$F`: the path that the task is about. `$DIR`: the folder that it is in. */
  task: Record<string, Fields>;
  /** Files of the controller. */
  files?: Record<string, string>;
  /** It needs no room on the disk that counts. */
  small?: true;
  /** What is there afterwards beside `$F` and what was there before; `*` stands for what chance says. */
  adds?: string[];
  /** What is gone afterwards. */
  removes?: string;
  /** It changes something each time. */
  acts?: true;
  /** Tried only where it cannot write: what it does elsewhere is more than to write. */
  fails?: true;
  /** What a link in the place of `$F` is afterwards: still one, whose target was written, or replaced by what was written; no word: not tried. */
  link?: 'followed' | 'replaced';
}

const big = '0123456789abcde\n'.repeat(32_768);
const old: Record<string, FileState> = { f: { text: 'old\n' } };
const large: Record<string, FileState> = { f: { text: big } };
const other: Record<string, FileState> = { a: { text: 'x' } };
const folder: Record<string, FileState> = { f: { directory: true } };
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP+ge/MbqyQq2kO4aVv1BGK2qiLZCdcKoQvoZGRDSAn9';
const fstab = { path: '/mnt/play-hard', src: '/dev/none', fstype: 'ext4', state: 'present', fstab: '$F' };
const job = { name: 'job', job: 'true', user: 'root', cron_file: '$F' };
const limit = { domain: 'shop', limit_type: 'soft', limit_item: 'nofile', value: 9, dest: '$F' };
const sudo = { name: 'f', user: 'root', commands: 'ALL', sudoers_path: '$F' };

/** All modules that write to a path that the task says, in each way that they have of writing. */
export const writers: Record<string, Writer> = {
  copy: { start: old, task: { copy: { content: big, dest: '$F' } }, link: 'replaced' },
  'copy with a backup': { start: large, task: { copy: { content: 'new\n', dest: '$F', backup: true } } },
  template: {
    start: old,
    files: { 't.hbs': big },
    task: { template: { src: 't.hbs', dest: '$F' } },
    link: 'replaced',
  },
  lineinfile: { start: large, task: { lineinfile: { path: '$F', line: 'new' } }, link: 'followed' },
  blockinfile: { start: large, task: { blockinfile: { path: '$F', block: 'new' } }, link: 'followed' },
  replace: { start: large, task: { replace: { path: '$F', regexp: '^0', replace: 'x' } }, link: 'followed' },
  ini_file: {
    start: { f: { text: '[a]\nb = 1\n' } },
    task: { ini_file: { path: '$F', section: 'a', option: 'b', value: '2' } },
    link: 'followed',
  },
  json_edit: {
    start: { f: { text: '{"a": 1}\n' } },
    task: { json_edit: { path: '$F', pointer: '/a', value: 2 } },
    link: 'followed',
  },
  yaml_edit: {
    start: { f: { text: 'a: 1\n' } },
    task: { yaml_edit: { path: '$F', pointer: '/a', value: 2 } },
    link: 'followed',
  },
  pam_limits: { start: old, task: { pam_limits: limit }, link: 'followed' },
  sysctl: {
    start: old,
    task: { sysctl: { name: 'a.b', value: 1, sysctl_file: '$F', reload: false } },
    link: 'followed',
  },
  mount: { start: old, task: { mount: fstab }, link: 'followed' },
  cron: { start: old, task: { cron: job }, link: 'followed' },
  'cron, the last job': {
    start: { f: { text: '#Ansible: job\n* * * * * root true\n' } },
    task: { cron: { ...job, state: 'absent' } },
    small: true,
    removes: 'f',
  },
  known_hosts: {
    start: old,
    task: { known_hosts: { name: 'a.example', key: `a.example ${key}`, path: '$F' } },
    link: 'followed',
  },
  authorized_key: { start: old, task: { authorized_key: { user: 'root', key, path: '$F' } }, link: 'replaced' },
  'authorized_key, outside of a home': {
    start: old,
    task: { authorized_key: { user: 'root', key, path: '$F', manage_dir: false } },
    link: 'replaced',
  },
  sudoers: { start: folder, task: { sudoers: sudo }, adds: ['f/f'] },
  'sudoers, absent': {
    start: { f: { directory: true }, 'f/f': { text: 'old\n' } },
    task: { sudoers: { ...sudo, state: 'absent' } },
    small: true,
    removes: 'f/f',
  },
  assemble: {
    start: { ...old, 'parts/a': { text: 'new\n' } },
    task: { assemble: { src: '$DIR/parts', dest: '$F' } },
    link: 'replaced',
  },
  'assemble, of a folder': {
    start: { 'f/a': { text: 'a\n' }, out: { text: 'old\n' } },
    task: { assemble: { src: '$F', dest: '$DIR/out' } },
  },
  archive: { start: { ...old, ...other }, task: { archive: { path: '$DIR/a', dest: '$F' } }, link: 'replaced' },
  'archive, of a folder': {
    start: { 'f/a': { text: 'x' }, out: { text: 'old\n' } },
    task: { archive: { path: '$F', dest: '$DIR/out' } },
  },
  'archive, removing': {
    start: { f: { text: 'x' }, out: { text: 'old\n' } },
    task: { archive: { path: '$F', dest: '$DIR/out', remove: true } },
    removes: 'f',
  },
  'tempfile, a file': {
    start: folder,
    task: { tempfile: { path: '$F', prefix: 'p' } },
    small: true,
    adds: ['f/p*'],
    acts: true,
  },
  'tempfile, a directory': {
    start: folder,
    task: { tempfile: { path: '$F', prefix: 'p', state: 'directory' } },
    small: true,
    adds: ['f/p*'],
    acts: true,
  },
  swap: { start: {}, task: { swap: { path: '$F', size: '64K', fstab: '$DIR/fstab' } }, fails: true },
  acl: {
    start: old,
    task: { acl: { path: '$F', etype: 'user', entity: '65534', permissions: 'r', state: 'present' } },
    small: true,
  },
  'file, a mode': { start: old, task: { file: { path: '$F', mode: '0600' } }, small: true, link: 'followed' },
  'file, symbols': { start: old, task: { file: { path: '$F', mode: 'g+wX' } }, small: true, link: 'followed' },
  'file, a directory': { start: {}, task: { file: { path: '$F', state: 'directory' } }, small: true },
  'file, a directory with a mode': {
    start: {},
    task: { file: { path: '$F', state: 'directory', mode: '0700' } },
    small: true,
  },
  'file, a link': { start: other, task: { file: { path: '$F', state: 'link', src: 'a' } }, small: true },
  'file, a hard link': { start: other, task: { file: { path: '$F', state: 'hard', src: '$DIR/a' } }, small: true },
  'file, touch': { start: {}, task: { file: { path: '$F', state: 'touch' } }, small: true, acts: true },
  'file, absent': { start: old, task: { file: { path: '$F', state: 'absent' } }, small: true, removes: 'f' },
};
