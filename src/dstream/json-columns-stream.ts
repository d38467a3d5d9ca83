import { Batch } from '../batch/batch.ts';
import type { Examples } from '../batch/examples.ts';
import { JsonColumns } from '../kafka/json-columns.ts';
import type { PartitionRecords } from '../kafka/partition-records.ts';
import type { DStream } from './dstream.ts';

export interface JsonColumnsOptions {
  /** Names of the fields that are features, in this order. Of values that are arrays, only their number counts. */
  readonly features: readonly string[];
  /** Name of the field to be predicted; in an array the last number. Default: none. */
  readonly label?: string;
  /** How many classes the label counts, as the learner's; another label is a bad record. Default: it may be any number. */
  readonly numClasses?: number;
}

/**
 * The numbers of JSON values as columns, one `Examples` a batch, which learners take as they are: no record becomes an object. A
 * value that can't be a row is a bad record, with its topic, partition and offset for whoever gets it.
 *
 *     const records = KafkaUtils.createDirectStream(context, strategy, { format: recordBlocks });
 *     model.trainOn(jsonColumns(records, { features: ['delay', 'distance'] }));
 */
export function jsonColumns(
  stream: DStream<PartitionRecords>,
  { features, label, numClasses }: JsonColumnsOptions,
): DStream<Examples> {
  const reader = new JsonColumns(features, label, numClasses);
  const columns: DStream<Examples> = stream.deriveBatches('jsonColumns', (batch, context) => {
    const blocks = batch.collect();
    const examples = reader.read(blocks, (block, index, error) => {
      const records = blocks[block]!;
      const position = `${index} of partition ${records.partition} of topic ${records.topic}`;
      context.reject(error, { operator: columns.node.name, position, record: records.recordAt(index) });
    });
    return Batch.of([examples]);
  });
  return columns;
}
