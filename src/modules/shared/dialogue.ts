import type { Regex } from './regex.ts';

/** A question, and what is answered: always the same text, or one text after the other. */
export interface Question {
  pattern: string;
  regex: Regex;
  answers: string | readonly string[];
}

/** What is to be typed, or why there is no answer. */
export type Reply = { text: string } | { failure: string };

/** Finds the questions in what a program prints. */
export interface Dialogue {
  /** Takes what was printed, and gives the replies to the questions in it, in their order. */
  hears(text: string): Reply[];
  /** What was printed since the last question. */
  rest(): string;
}

/** Characters since the last question that are searched: each piece that comes is searched together with what stands before it. */
const window = 65_536;

/** How often may be asked. What is typed and never read would block one day, and a pattern that fits all output would go on for ever. */
const mostQuestions = 1000;

/**
 * The question that begins first is answered, of several that begin at the same place the one that is listed first; what stands before
 * its end is not looked at again.
 */
export function createDialogue(questions: readonly Question[]): Dialogue {
  const taken = questions.map(() => 0);
  let asked = 0;
  let unread = '';

  const reply = ({ pattern, answers }: Question, place: number): Reply => {
    asked += 1;
    if (asked > mostQuestions) return { failure: `responses fit what it prints more than ${mostQuestions} times` };
    if (typeof answers === 'string') return { text: answers };
    const number = taken[place] ?? 0;
    taken[place] = number + 1;
    const text = answers[number];
    const times = answers.length === 1 ? 'once' : `${answers.length} times`;
    return text === undefined ? { failure: `"${pattern}" was asked more than ${times}: no answer is left` } : { text };
  };

  return {
    hears(text) {
      unread = (unread + text).slice(-window);
      const replies: Reply[] = [];
      for (;;) {
        let first: { place: number; question: Question; start: number; end: number } | undefined;
        for (const [place, question] of questions.entries()) {
          const found = question.regex.find(unread);
          if (found && found.start < (first?.start ?? Number.POSITIVE_INFINITY))
            first = { place, question, start: found.start, end: found.end };
        }
        if (!first) return replies;
        unread = unread.slice(first.end);
        const next = reply(first.question, first.place);
        replies.push(next);
        if ('failure' in next) return replies;
      }
    },
    rest: () => unread,
  };
}
