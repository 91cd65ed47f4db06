/** One example of a guide: the files it shows, and what is typed and seen. */
export interface Example {
  title: string;
  files: Record<string, string>;
  sessions: { command: string; output: string[] }[];
}

/**
 * Reads a guide. A block whose info string has a file name (` ```yaml site.yml `) is a file; a `console` block has commands after `$ ` and what they
 * print, where a line of `…` stands for any lines and `…` in a line for anything. Files count from the last heading on.
 */
export function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  let example: Example = { title: '', files: {}, sessions: [] };
  let block: { file: string | undefined; console: boolean; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (block && line.startsWith('```')) {
      if (block.file !== undefined) example.files[block.file] = `${block.lines.join('\n')}\n`;
      if (block.console) example.sessions.push(...sessionsOf(block.lines));
      block = undefined;
    } else if (block) block.lines.push(line);
    else if (line.startsWith('```')) {
      const [language, file] = line.slice(3).split(' ');
      block = { file, console: language === 'console', lines: [] };
    } else if (/^##+ /.test(line)) {
      example = { title: line.replace(/^#+ /, ''), files: {}, sessions: [] };
      examples.push(example);
    }
  }
  return examples.filter(({ sessions }) => sessions.length > 0);
}

function sessionsOf(lines: readonly string[]): Example['sessions'] {
  const sessions: Example['sessions'] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) sessions.push({ command: line.slice(2), output: [] });
    else sessions.at(-1)?.output.push(line);
  }
  return sessions;
}

/** What a session of a guide allows to be printed. */
export function patternOf(output: readonly string[]): RegExp {
  const parts = output.map((line) =>
    line.trim() === '…'
      ? '(?:.*\\n)*?'
      : `${line
          .trimEnd()
          .split('…')
          .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
          .join('.*')}[ ]*\\n`,
  );
  return new RegExp(`^${parts.join('')}$`);
}
