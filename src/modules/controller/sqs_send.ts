import { Type } from 'typebox';
import { messageAttributes } from '../../aws/tasks/message-attributes.ts';
import type { ControllerModule } from '../../model/module.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { attributeMap } from '../shared/aws-messages.ts';
import { text } from '../shared/params.ts';

const params = Type.Object(
  {
    queue: text('The queue: its name or its URL.'),
    body: Type.Union([text('The message.'), Type.Record(Type.String(), Type.Unknown())], {
      description: 'The message: a text, or a mapping that is sent as JSON.',
    }),
    attributes: Type.Optional(attributeMap),
    delay_seconds: Type.Optional(
      Type.Integer({
        description: 'Seconds until it can be received; as the queue says when not said.',
        minimum: 0,
        maximum: 900,
      }),
    ),
    group_id: Type.Optional(text('The group in which a FIFO queue keeps the order.')),
    deduplication_id: Type.Optional(text('Two messages with the same are one for a FIFO queue.')),
    ...accountParams,
  },
  { additionalProperties: false },
);

/** A message in a queue. */
export const sqsSend = {
  name: 'sqs_send',
  on: 'controller',
  pure: false,
  summary: 'A message is in a queue of SQS. Not run on a real system.',
  params,
  result: {
    message_id: 'What SQS calls it.',
    sequence_number: 'Its number in a FIFO queue.',
    queue_url: 'The URL of the queue.',
    ...faultFields,
  },
  examples: [
    { sqs_send: { queue: 'deployments', body: { shop: '{{params.version}}' } }, run_once: true },
    {
      sqs_send: {
        queue: 'https://sqs.eu-central-1.amazonaws.com/123456789012/jobs.fifo',
        body: 'reindex',
        group_id: 'shop',
        deduplication_id: '{{run.id}}',
      },
    },
    { sqs_send: { queue: 'jobs', body: 'later', attributes: { priority: 3 }, delay_seconds: 60 } },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'queue',
  run: (given, context) =>
    withAws('sqs_send', given, context, async (open) => {
      const sqs = open('sqs');
      const url = given.queue.includes('://')
        ? given.queue
        : (await sqs.call<{ QueueUrl: string }>('GetQueueUrl', { QueueName: given.queue })).QueueUrl;
      if (context.check)
        return { changed: true, fields: { queue_url: url }, isForecast: true, message: `would be sent to ${url}` };
      const sent = await sqs.call<{ MessageId: string; SequenceNumber?: string }>('SendMessage', {
        QueueUrl: url,
        MessageBody: typeof given.body === 'string' ? given.body : JSON.stringify(given.body),
        DelaySeconds: given.delay_seconds,
        MessageGroupId: given.group_id,
        MessageDeduplicationId: given.deduplication_id,
        MessageAttributes: messageAttributes(given.attributes),
      });
      return {
        changed: true,
        fields: {
          message_id: sent.MessageId,
          queue_url: url,
          ...(sent.SequenceNumber !== undefined && { sequence_number: sent.SequenceNumber }),
        },
        message: `${sent.MessageId} to ${url}`,
      };
    }),
} satisfies ControllerModule<typeof params>;
