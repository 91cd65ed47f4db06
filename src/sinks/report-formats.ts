import type { Fields } from '../model/value.ts';
import type { RunReport } from './run-report.ts';

/** What a webhook's body is made for. */
export type WebhookFormat = 'json' | 'slack' | 'teams';

/** Longer messages are cut by Slack (40,000 characters) and Teams (28 KB). */
const MOST = 6000;

const COLORS = { failed: '#c0392b', changed: '#d4a017', ok: '#2e8b57' } as const;
const TONES = { failed: 'attention', changed: 'warning', ok: 'good' } as const;

/** The body of a webhook about a run. */
export function webhookBody(report: RunReport, format: WebhookFormat): object {
  const { data, verdict, summary, status } = report;
  if (format === 'json') return { event: 'run', ...data, verdict };
  const text = summary.length > MOST ? `${summary.slice(0, MOST)}\n…` : summary;
  return format === 'slack' ? slack(verdict, text, status) : teams(verdict, text, { status, facts: factsOf(data) });
}

/** An incoming webhook of Slack: https://api.slack.com/messaging/webhooks. `&`, `<` and `>` are written as entities there. */
function slack(verdict: string, text: string, status: RunReport['status']): object {
  const safe = (one: string): string => one.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  // Three of them would end the block.
  const code = safe(text).replace(/```/g, "'''");
  return {
    text: safe(verdict),
    attachments: [{ color: COLORS[status], text: `\`\`\`${code}\`\`\``, mrkdwn_in: ['text'] }],
  };
}

/** A card for a webhook of Teams' workflows: https://adaptivecards.io/explorer, version 1.4. */
function teams(
  verdict: string,
  text: string,
  { status, facts }: { status: RunReport['status']; facts: { title: string; value: string }[] },
): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      { type: 'TextBlock', text: plain(verdict), weight: 'bolder', wrap: true, color: TONES[status] },
      { type: 'FactSet', facts },
      { type: 'TextBlock', text: plain(text).replace(/\n/g, '\n\n'), wrap: true, fontType: 'monospace' },
    ],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}

/** Teams reads Markdown. */
function plain(text: string): string {
  return text.replace(/[\\*_[\]()#]/g, '\\$&');
}

function factsOf({ playbook, id, started, seconds }: Fields): { title: string; value: string }[] {
  const facts = { playbook, run: id, started, took: `${seconds} s` };
  return Object.entries(facts).map(([title, value]) => ({ title, value: plain(String(value ?? '')) }));
}
