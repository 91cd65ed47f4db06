import { preview } from '../../mail/message.ts';
import { MailFault, portOf, send } from '../../mail/send.ts';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { addressFaultOf, messageOf, serverOf } from '../shared/mail-message.ts';
import { mailParams } from '../shared/mail-params.ts';

const rules = {
  name: 'mail',
  exclusive: [
    ['from', 'sender'],
    ['password', 'token'],
    ['body', 'template'],
    ['html', 'html_template'],
  ],
  requireOne: [['from', 'sender'], ['to', 'cc', 'bcc'], ['subject']],
};

/** A message by mail, handed to a server by this machine. */
export const mail = {
  name: 'mail',
  on: 'controller',
  pure: false,
  summary: 'A message has been handed to a mail server.',
  params: mailParams,
  result: {
    msg: 'Whether all recipients were taken.',
    message_id: 'What the message is called, `<…@example.com>`.',
    accepted: 'Addresses that the server took it for.',
    result: 'Addresses that it refused: `[code, words]` of each. At least one was taken.',
    response: 'What the server said at last.',
  },
  examples: [
    {
      mail: {
        host: 'smtp.example.com',
        from: 'Deployer <deploy@example.com>',
        to: 'ops@example.com',
        subject: 'shop {{params.version}} is out',
        body: 'on {{= groups.web.join(", ") }}',
      },
      run_once: true,
    },
    {
      name: 'the report of the night',
      mail: {
        host: 'smtp.example.com',
        port: 587,
        secure: 'starttls',
        username: 'report',
        password: '{{smtp_password}}',
        from: 'report@example.com',
        to: ['Ann <ann@example.com>', 'bob@example.com'],
        cc: 'boss@example.com',
        reply_to: 'ops@example.com',
        subject: 'Report of the night',
        body: 'The chart and the table are attached.',
        html: '<p>All went well.</p><img src="cid:load.svg">',
        inline: ['load.svg'],
        attach: ['report.csv', { src: '/var/tmp/flows.json', name: 'flows.json', type: 'application/json' }],
        headers: { 'X-Run': '{{run.id}}' },
      },
      vars: { smtp_password: 'secret' },
      run_once: true,
    },
    {
      name: 'a disk is full',
      mail: {
        from: 'watch@example.com',
        to: 'ops@example.com',
        subject: '{{host.name}}: disk full',
        body: '{{df.stdout}}',
      },
      when: 'df.stdout.contains("100%")',
      vars: { df: { stdout: '/ 100%' } },
    },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'subject',
  foreignParams: {
    attachments: 'write attach',
    msg: 'write subject',
    recipients: 'write to',
    server: 'write host',
    text: 'write body',
    user: 'write username',
    validate_certs: 'write verify',
  },
  reads: { ca: 'files', template: 'templates', html_template: 'templates' },
  exclusive: rules.exclusive,
  requireOne: rules.requireOne,
  texts: Object.fromEntries(['from', 'sender', 'to', 'cc', 'bcc', 'reply_to'].map((name) => [name, addressFaultOf])),
  async run(params, context) {
    checkArgs(rules, params);
    if (params.subtype === 'html' && (params.html ?? params.html_template) !== undefined)
      throw badArgs('mail', 'body is HTML already, by "subtype", and there is more HTML beside it');
    const server = await serverOf(params, context);
    const { message, missing } = await messageOf(params, context);
    const recipients = [...message.to, ...message.cc, ...message.bcc].map(({ address }) => address);
    const place = `${server.host}:${portOf(server)}`;
    if (context.check) {
      const seen = `would be sent by ${place}:\n${preview(message, missing)}`;
      return {
        changed: true,
        fields: { message_id: message.id, accepted: recipients, result: {}, msg: '' },
        message: seen,
      };
    }
    const [first] = missing;
    if (first !== undefined) return { changed: false, fields: {}, failed: `there is no file ${first} to attach` };
    try {
      const { response, accepted, refused } = await send(message, server, context.signal);
      const lost = Object.entries(refused).map(([address, [, words]]) => `not to ${address}: ${words}`);
      return {
        changed: true,
        fields: {
          msg: lost.length === 0 ? 'Mail sent successfully' : 'Failed to send mail to at least one recipient',
          message_id: message.id,
          accepted,
          result: refused,
          response,
        },
        message: [`to ${accepted.join(', ')}`, ...lost].join('\n'),
      };
    } catch (error) {
      if (!(error instanceof MailFault)) throw error;
      return { changed: false, failed: error.message, fields: {} };
    }
  },
} satisfies ControllerModule<typeof mailParams>;
