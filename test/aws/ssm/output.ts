/**
 * Limits of what the API gives of a command's output, in characters.
 * Sources: "GetCommandInvocation" of the Systems Manager API reference (the first 24,000 characters of stdout, 8,000 of stderr);
 * "CommandPlugin" of the same (Output: "output of the plugin execution", at most 2,500). The marks and the way both streams share those
 * 2,500 are those of the agent, https://github.com/aws/amazon-ssm-agent (its pluginutil and iohandler).
 */
export const limits = { stdout: 24_000, stderr: 8_000, joined: 2_500 };

const mark = '--output truncated--';

/** The beginning of a text, and the mark if that is not all: the mark counts. */
export function cut(text: string, most: number, { silently = false }: { silently?: boolean | undefined }): string {
  if (text.length < most) return text;
  return silently ? text.slice(0, most) : text.slice(0, most - mark.length) + mark;
}

const [title, outMark, errMark] = [
  '\n----------ERROR-------\n',
  '\n---Output truncated---',
  '\n---Error truncated----',
];

/** Both streams as the details of ListCommandInvocations have them: each gets half of the room unless the other needs less. */
export function join(stdout: string, stderr: string, most: number = limits.joined): string {
  const heading = stderr === '' ? '' : title;
  const room = most - heading.length;
  if (stdout.length + stderr.length < room) return stdout + heading + stderr;
  const half = room / 2;
  if (stdout.length > half && stderr.length > half) {
    const each = Math.floor((room - outMark.length - errMark.length) / 2);
    return stdout.slice(0, each) + outMark + heading + stderr.slice(0, each) + errMark;
  }
  if (stdout.length < half) {
    return stdout + heading + stderr.slice(0, room - errMark.length - stdout.length) + errMark;
  }
  return stdout.slice(0, room - outMark.length - stderr.length) + outMark + heading + stderr;
}
