import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLibraries } from './rows.ts';

/*
 * What the page "coming from Python" says is what rows.test.ts runs: its pages show those jobs and no others, and what a line of its tables names
 * stands in one of them.
 */

const docs = join(import.meta.dirname, '../../docs');
const libraries = readLibraries(import.meta.dirname);

/** Names on the page that no job shows, and why. One that a job shows has to leave this list. */
const notShown: Record<string, Record<string, string>> = {
  getpass: { pause: 'it asks at a terminal: test/modules/controller.test.ts' },
  boto3: {
    Session: 'test/aws-tasks has profiles',
    profile_name: 'test/aws-tasks has profiles',
    get_waiter: 'test/aws-tasks waits for instances',
    wait: 'test/aws-tasks waits for instances',
    jmespath: 'test/aws-tasks asks with it',
    search: 'test/aws-tasks asks with it',
    put_item: 'the client of DynamoDB is not installed with play',
  },
  logging: {
    HTTPHandler: 'test/sinks has a receiver of webhooks',
    SMTPHandler: 'test/mail has a mail server',
    SysLogHandler: 'test/sinks has a strict reader of syslog',
    TimedRotatingFileHandler: 'a day would have to go by',
  },
  pandas: { plot: 'it needs matplotlib', to_markdown: 'it needs tabulate' },
  scapy: {
    RandInt: 'no two draws are the same',
    ...Object.fromEntries(
      ['arp_scan', 'arping', 'sendp', 'sr', 'srp', 'srp1', 'traceroute'].map((word) => [
        word,
        'it needs other machines: test/network/lab.test.ts and test/modules make some',
      ]),
    ),
  },
  smtplib: Object.fromEntries(
    ['SMTP_SSL', 'auth', 'context', 'starttls'].map((word) => [word, 'test/mail has a server with TLS and logins']),
  ),
  socket: { dns_query: 'Python asks the resolver of the system only' },
};

test('there is a page for each library that is tried, and none beside', () => {
  const pages = readdirSync(join(docs, 'coming-from-python')).sort();
  expect(pages).toEqual(libraries.map(({ name }) => `${name}.md`));
  const overview = readFileSync(join(docs, 'coming-from-python.md'), 'utf8');
  const linked = [...overview.matchAll(/\(coming-from-python\/(\w+)\.md\)/g)].map(([, name]) => name);
  expect(linked.sort()).toEqual(libraries.map(({ name }) => name));
});

describe.each(libraries)('the page of $name', ({ name, rows, index = [] }) => {
  const page = readFileSync(join(docs, 'coming-from-python', `${name}.md`), 'utf8');

  test('shows every job that is tried, and no other', () => {
    const shown = page.split(/^## /m).slice(1);
    expect(shown.map((job) => job.split('\n')[0])).toEqual(rows.map(({ what }) => what));
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
    expect(fenced(page, 'python')).toEqual(rows.map(({ python }) => python.trim()));
    expect(fenced(page, 'yaml')).toEqual(rows.map(({ play }) => play.trim()));
    const told = rows.filter(({ differs }) => differs !== undefined);
    expect(page.match(/^\*\*The difference:\*\*/gm) ?? []).toHaveLength(told.length);
  });

  test('names nothing that none of its jobs shows', () => {
    const python = rows.map((row) => row.python).join('\n');
    const play = rows.map((row) => row.play).join('\n');
    // What is not there has no job.
    const offered = index.filter(({ here }) => !/^(nothing|not there)\b/.test(here));
    const missing = offered.flatMap((line) => [
      ...namesIn(line.python).filter((word) => !holds(python, word)),
      ...linkedIn(line.here).filter((word) => !holds(play, word)),
    ]);
    expect(index.length).toBeGreaterThan(0);
    expect([...new Set(missing)].sort()).toEqual(Object.keys(notShown[name] ?? {}).sort());
  });
});

function fenced(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^(\`{3,4})${language}\\n([\\s\\S]*?)^\\1$`, 'gm'))].map(([, , text = '']) =>
    text.trim(),
  );
}

/** The names of a library in the code of a line: not what its calls are given, but for the keywords that they are given it by. */
function namesIn(markdown: string): string[] {
  return codeIn(markdown).flatMap((code) => {
    const given = [...code.matchAll(/(\w+)=/g)].map(([, keyword = '']) => keyword);
    const called = code.replace(/(["'])[^"']*\1/g, '').replace(/\([^)]*\)?/g, ' ');
    return [...(called.match(/[A-Za-z_]\w+/g) ?? []), ...given];
  });
}

/** The modules and functions that a line leads to. */
function linkedIn(markdown: string): string[] {
  return [...markdown.matchAll(/\((?:modules|functions)\/(\w+)\.md\)/g)].map(([, name = '']) => name);
}

function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function holds(text: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text);
}
