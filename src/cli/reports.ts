import { proxyOf } from '../http/way.ts';
import type { ControllerContext, Module } from '../model/module.ts';
import type { Report } from '../model/playbook.ts';
import type { SchemaIssue } from '../model/schema-issue.ts';
import type { Scope } from '../model/scope.ts';
import type { Fields } from '../model/value.ts';
import { type Problem, ProblemError, problem, sentence } from '../problems/problem.ts';
import type { Files } from '../render/files.ts';
import { type Hook, post, shownHook } from '../sinks/post.ts';
import { type WebhookFormat, webhookBody } from '../sinks/report-formats.ts';
import { createRunReport, type RunReport } from '../sinks/run-report.ts';
import { type BookTexts, bookScope, fillIn } from './fill-in.ts';

/** What sending reports needs. */
export interface ReportWays extends BookTexts {
  files: Files;
  validator(module: Module): (value: unknown) => SchemaIssue[];
}

/** Fills in every report as if a run had ended: mistakes in it are told before the run. */
export async function checkReports(ways: BookTexts): Promise<Problem[]> {
  const { playbook, compiler } = ways;
  if (playbook.reports.length === 0) return [];
  await compiler.load();
  const run = seenByTexts(sample());
  return playbook.reports.flatMap(({ mail, webhook }) =>
    [mail, webhook].flatMap((way) => {
      if (!way) return [];
      try {
        fillIn(way, bookScope(ways, run), compiler);
        return [];
      } catch (error) {
        if (error instanceof ProblemError) return error.problems;
        throw error;
      }
    }),
  );
}

/**
 * Sends every report that is due. What cannot be sent is a problem each, and stops no other. In check mode nothing is sent: `show` is told what
 * would be.
 */
export async function sendReports(
  report: RunReport,
  ways: ReportWays,
  { check, show }: { check: boolean; show(text: string): void },
): Promise<Problem[]> {
  const due = ways.playbook.reports.filter(({ on }) => on.some((occasion) => report.is(occasion)));
  if (due.length === 0) return [];
  await ways.compiler.load();
  const scope = bookScope(ways, seenByTexts(report));
  const lost = await Promise.all(due.flatMap((one) => sendOne(one, { report, ways, scope, check, show })));
  return lost.flat();
}

interface Sending {
  report: RunReport;
  ways: ReportWays;
  scope: Scope;
  check: boolean;
  show(text: string): void;
}

function sendOne({ mail, webhook }: Report, sending: Sending): Promise<Problem[]>[] {
  const { ways, scope } = sending;
  const guarded = async (way: string, work: () => Promise<void>): Promise<Problem[]> => {
    try {
      await work();
      return [];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const reason =
        error instanceof ProblemError ? error.problems.map((one) => sentence(one).message).join('; ') : error.message;
      return [problem('E_REPORT_LOST', { way, reason })];
    }
  };
  return [
    ...(mail ? [guarded('mail', async () => byMail(fillIn(mail, scope, ways.compiler), sending))] : []),
    ...(webhook ? [guarded('webhook', async () => byWebhook(fillIn(webhook, scope, ways.compiler), sending))] : []),
  ];
}

/** By the module `mail`, so that its parameters mean the same. */
async function byMail(given: Fields, { report, ways, scope, check, show }: Sending): Promise<void> {
  const { mail } = await import('../modules/controller/mail.ts');
  const said = given['body'] ?? given['html'] ?? given['template'] ?? given['html_template'];
  const params = said === undefined ? { ...given, body: `${report.verdict}\n\n${report.summary}\n` } : given;
  const [issue] = ways.validator(mail)(params);
  if (issue) throw new Error(`${issue.path.join('.') || 'mail'}: ${issue.message}`);
  const { files, compiler } = ways;
  const context: ControllerContext = {
    host: 'localhost',
    env: {},
    check,
    signal: new AbortController().signal,
    secret: () => undefined,
    readFile: (path, kind) => files.read(path, { kind }),
    localSource: (path, kind) => files.locate(path, { kind }),
    localTarget: (path) => files.target(path),
    renderText(text, file) {
      const { template, problems } = compiler.compileTemplate(text, { file, start: 0, end: text.length });
      if (!template) throw new ProblemError(problems);
      return template.renderText(scope);
    },
    evaluate: () => null,
    lookup: (name) => scope.get(name),
    ofHosts: async () => [],
    placeOf: () => ({ file: '', start: 0, end: 0 }),
    ask: () => Promise.reject(new Error('nobody is asked for a report')),
  };
  const { failed, message = '' } = await mail.run(params as never, context);
  if (failed !== undefined) throw new Error(failed);
  if (check) show(`report by mail, ${message}`);
}

async function byWebhook(given: Fields, { report, ways, check, show }: Sending): Promise<void> {
  const hook = await hookOf(given, ways);
  const body = webhookBody(report, (given['format'] ?? 'json') as WebhookFormat);
  if (!check) {
    return post(hook, body).catch((error: Error) => {
      throw new Error(`${shownHook(hook)}: ${error.message}`);
    });
  }
  show(`report by webhook, would be sent to ${shownHook(hook)}:\n${JSON.stringify(body, null, 2)}`);
}

/** A webhook as it is posted to. Throws Error and ProblemError. */
export async function hookOf(given: Fields, { files, env }: Pick<ReportWays, 'files' | 'env'>): Promise<Hook> {
  const { url, headers = {}, timeout = 20, ca, verify = true } = given;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new Error('the url is no web address: it begins with https:// or http://');
  const proxy = proxyOf(new URL(url), env);
  return {
    url,
    headers: Object.fromEntries(Object.entries(headers as Fields).map(([name, value]) => [name, String(value)])),
    timeout: Number(timeout),
    way: {
      verify: verify !== false,
      ...(proxy !== undefined && { proxy }),
      ...(typeof ca === 'string' && { ca: await authorities(ca, files) }),
    },
  };
}

/** The path of a file of certificates, which is there. */
async function authorities(name: string, files: Files): Promise<string> {
  await files.read(name, { kind: 'files' });
  return files.locate(name, { kind: 'files' }) ?? name;
}

/** What templates see as `run`. */
function seenByTexts({ data, verdict, summary }: RunReport): Fields {
  return { ...data, verdict, summary };
}

/** A run in which one step has failed, so that a text about it can be tried. */
function sample(): RunReport {
  const { on, ended } = createRunReport();
  const ref = { host: 'localhost', step: '0/0', task: 'a task', module: 'command', source: 'site.yml:1' };
  const failure = { code: 'E_TASK_FAILED', message: 'why' };
  on({
    t: 0,
    type: 'run-start',
    run: '',
    playbook: '',
    name: '',
    hosts: [ref.host],
    check: false,
    diff: false,
    argv: [],
  });
  on({ t: 0, type: 'step-end', status: 'failed', ms: 0, ...ref, failure });
  on({ t: 0, type: 'run-end', exit: 3, ms: 0, counts: {}, interrupted: false });
  const made = ended();
  if (!made) throw new Error('a run with an end has a report');
  return made;
}
