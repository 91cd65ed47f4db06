/**
 * Limits of what the API gives of a command's output. AWS says characters, the agent counts bytes: a cut may go through a character.
 * Sources: "GetCommandInvocation" of the Systems Manager API reference (the first 24,000 characters of stdout, 8,000 of stderr);
 * "CommandPlugin" of the same (Output: "output of the plugin execution", at most 2,500). The marks and the way both streams share those
 * 2,500 are those of the agent, https://github.com/aws/amazon-ssm-agent (its pluginutil and iohandler).
 */
export const limits = { stdout: 24_000, stderr: 8_000, joined: 2_500 };

const mark = '--output truncated--';

/** The beginning of an output, and the mark if that is not all: the mark counts. */
export function cut(output: Buffer, most: number, { silently = false }: { silently?: boolean | undefined }): string {
  if (output.length < most) return output.toString();
  return silently ? start(output, most) : start(output, most - mark.length) + mark;
}

const [title, outMark, errMark] = [
  '\n----------ERROR-------\n',
  '\n---Output truncated---',
  '\n---Error truncated----',
];

/** Both streams as the details of ListCommandInvocations have them: each gets half of the room unless the other needs less. */
export function join(stdout: Buffer, stderr: Buffer, most: number = limits.joined): string {
  const heading = stderr.length === 0 ? '' : title;
  const room = most - heading.length;
  if (stdout.length + stderr.length < room) return stdout + heading + stderr;
  const half = room / 2;
  if (stdout.length > half && stderr.length > half) {
    const each = Math.floor((room - outMark.length - errMark.length) / 2);
    return start(stdout, each) + outMark + heading + start(stderr, each) + errMark;
  }
  if (stdout.length < half) {
    return stdout + heading + start(stderr, room - errMark.length - stdout.length) + errMark;
  }
  return start(stdout, room - outMark.length - stderr.length) + outMark + heading + stderr;
}

function start(output: Buffer, bytes: number): string {
  return output.subarray(0, bytes).toString();
}
