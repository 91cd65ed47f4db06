import { type Static, Type } from 'typebox';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { outputFields, outputResult } from '../shared/author-code.ts';
import { createDialogue, type Dialogue, type Question } from '../shared/dialogue.ts';
import { flag, running, shellWords } from '../shared/params.ts';
import { regexCompiler } from '../shared/regex.ts';
import { sleep } from '../shared/sleep.ts';
import { openTerminal, type Terminal } from '../shared/terminal.ts';

const answer = Type.Union([Type.String(), Type.Number()]);

const params = Type.Object(
  {
    command: shellWords(
      'The program and its arguments, quoted as in a shell; `$`, `*`, `|` and `>` mean nothing here.',
    ),
    responses: Type.Record(Type.String({ minLength: 1 }), Type.Union([answer, Type.Array(answer, { minItems: 1 })]), {
      description:
        'What is typed when the program prints what a regular expression fits: always the same text, or a list with one text for each time. A newline is added.',
      minProperties: 1,
    }),
    timeout: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1, maximum: 604_800 }), Type.Null()], {
        description:
          'Seconds for the next question or the end to come, from the start or the last answer; 30 when not said, and no limit when `null`.',
      }),
    ),
    echo: Type.Optional(flag('Whether the terminal shows what is typed, and so `stdout` has it.')),
    ...running,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** A dialogue with a program of the host, on a terminal: questions are found here, answers are typed there. */
export const expect = {
  name: 'expect',
  on: 'both',
  summary:
    'A program has run on a terminal, and its questions were answered. Needs `script` of util-linux or busybox on the host.',
  params,
  result: {
    rc: outputResult.rc,
    stdout: 'What it printed, without the line ends at its end. A terminal ends lines with `\\r\\n`.',
    stdout_lines: outputResult.stdout_lines,
  },
  examples: [
    {
      expect: { command: 'passwd shop', responses: { '(?i)password:': '{{password}}' } },
      vars: { password: 'secret' },
    },
    {
      expect: {
        command: '/opt/shop/install',
        responses: { 'Directory.*\\?': ['/srv/shop', '/srv/shop-data'], 'Continue \\[y/n\\]': 'y' },
        creates: '/srv/shop',
        timeout: 600,
      },
    },
    { expect: { command: 'ssh-keygen -p -f id_ed25519', responses: { passphrase: '' }, chdir: '/srv/shop/.ssh' } },
  ],
  idempotent: false,
  shellText: { command: 'words' },
  async run(given, context): Promise<ControllerResult> {
    const words = given.command.map(String);
    if (words.length === 0 || words[0] === '') throw badArgs('expect', 'there is no program to run');
    const dialogue = createDialogue(await questionsOf(given));
    const { chdir, creates, removes, echo = false } = given;
    const where = { ...(chdir && { chdir }), ...(creates && { creates }), ...(removes && { removes }) };
    const opened = await openTerminal('expect', { words, echo, ...where }, context);
    const result: ControllerResult = { changed: false, fields: outputOf('', null) };
    if ('failed' in opened) return { ...result, failed: opened.failed };
    if ('unneeded' in opened) {
      return opened.unneeded
        ? { ...result, message: 'not needed (creates/removes)' }
        : { ...result, unknown: 'runs only outside check mode' };
    }
    const timeout = given.timeout === undefined ? 30 : given.timeout;
    const { terminal } = opened;
    try {
      const end = await talk({ terminal, dialogue, context, limit: timeout ?? Number.POSITIVE_INFINITY });
      const { rc = null, printed } = end;
      const failed = end.failure ?? (rc === 0 ? undefined : ending(rc, printed));
      return { changed: true, fields: outputOf(printed, rc), ...(failed !== undefined && { failed }) };
    } finally {
      await terminal.close();
    }
  },
} satisfies BothModule<typeof params>;

/** A terminal takes no longer line (on Linux; POSIX MAX_CANON promises 255): the rest of it would be lost without a word. */
const longestLine = 4095;

async function questionsOf({ responses }: Params): Promise<Question[]> {
  const compile = await regexCompiler('expect');
  const typed = (pattern: string, value: string | number): string => {
    const text = `${String(value).replace(/\n+$/, '')}\n`;
    if (text.split('\n').some((line) => Buffer.byteLength(line) > longestLine))
      throw badArgs('expect', `the answer to "${pattern}" has a line of more than ${longestLine} bytes`);
    return text;
  };
  return Object.entries(responses).map(([pattern, value]) => {
    const regex = compile('responses', pattern, 'text');
    if (regex.test(''))
      throw badArgs('expect', `"${pattern}" fits where nothing is, so it would be answered without end`);
    const answers = Array.isArray(value) ? value.map((one) => typed(pattern, one)) : typed(pattern, value);
    return { pattern, regex, answers };
  });
}

/** Programs print their question first and shut off the echo, or throw away what was typed before, a moment later. */
const beforeTyping = 50;

/** What a dialogue may print. */
const longestOutput = 8 * 1024 * 1024;

interface End {
  printed: string;
  rc?: number | null;
  failure?: string;
}

async function talk(options: {
  terminal: Terminal;
  dialogue: Dialogue;
  context: BothContext;
  /** Seconds. */
  limit: number;
}): Promise<End> {
  const { terminal, dialogue, context, limit } = options;
  let [printed, since]: [string, number] = ['', performance.now()];
  let typed = '';
  for (;;) {
    if (typed !== '') await sleep(beforeTyping, context.signal);
    const heard = context.signal.aborted ? undefined : await terminal.exchange(typed);
    if (heard === undefined) return { printed, failure: 'interrupted; the program was ended' };
    if (typed !== '') since = performance.now();
    printed += heard.text;
    const replies = dialogue.hears(heard.text);
    if (heard.ended) return { printed, rc: heard.ended.rc };
    if (printed.length > longestOutput)
      return { printed, failure: 'it has printed more than 8 MiB, which no dialogue does; it was ended' };
    typed = '';
    for (const reply of replies) {
      if ('failure' in reply) return { printed, failure: reply.failure };
      typed += reply.text;
    }
    if (typed === '' && performance.now() - since > limit * 1000)
      return {
        printed,
        failure: `nothing that responses has was asked for ${limit} s, and the program was ended; ${lastWords(dialogue.rest())}`,
      };
  }
}

function ending(rc: number | null, printed: string): string {
  const how = rc === null ? 'the program was killed' : `the program ended with status ${rc}`;
  return `${how}; ${lastWords(printed)}`;
}

/** The last line that says something, which is most often the question, or why it went wrong. */
function lastWords(text: string): string {
  const line = text.split(/[\r\n]+/).findLast((one) => one.trim() !== '');
  return line === undefined ? 'it said nothing' : `it said last: ${line.trim().slice(-200)}`;
}

function outputOf(printed: string, rc: number | null): ControllerResult['fields'] {
  const { stdout, stdout_lines } = outputFields({ rc, stdout: printed, stderr: '', changed: true });
  return { rc, stdout: stdout ?? '', stdout_lines: stdout_lines ?? [] };
}
