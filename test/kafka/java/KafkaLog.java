import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.*;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

/**
 * Writes topics and reads them again with Java's own clients: what Millrace reads is compared with this.
 *
 * <pre>
 * KafkaLog fill SERVERS TOPIC RECORDS KEYS VALUE_BYTES    records with every codec, in and out of transactions that end either way
 * KafkaLog load SERVERS TOPIC RECORDS VALUE_BYTES CODEC   records without keys, in turn to each partition
 * KafkaLog batch SERVERS TOPIC RECORDS CODEC              the numbers from 0 on, in one batch
 * KafkaLog read SERVERS TOPIC read_committed              one line a partition: number, records, checksum
 * </pre>
 */
public class KafkaLog {
  static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "fill" -> fill(args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]), Integer.parseInt(args[5]));
      case "load" -> load(args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]), args[5]);
      case "batch" -> batch(args[1], args[2], Integer.parseInt(args[3]), args[4]);
      case "read" -> read(args[1], args[2], args[3]);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  static KafkaProducer<byte[], byte[]> producer(String servers, String codec, String transactionalId) {
    var config = new Properties();
    config.put("bootstrap.servers", servers);
    config.put("compression.type", codec);
    config.put("linger.ms", "5");
    config.put("batch.size", "65536");
    return producer(config, transactionalId);
  }

  static KafkaProducer<byte[], byte[]> producer(Properties config, String transactionalId) {
    if (transactionalId != null) config.put("transactional.id", transactionalId);
    var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    if (transactionalId != null) producer.initTransactions();
    return producer;
  }

  /** Two producers a codec, one with transactions: every third one is aborted, and they overlap. */
  static void fill(String servers, String topic, int records, int keys, int valueBytes) throws Exception {
    var random = new Random(7);
    var plain = new ArrayList<KafkaProducer<byte[], byte[]>>();
    var transactional = new ArrayList<KafkaProducer<byte[], byte[]>>();
    for (var codec : CODECS) {
      plain.add(producer(servers, codec, null));
      transactional.add(producer(servers, codec, topic + "-" + codec));
    }
    var open = new boolean[CODECS.length];
    var ended = 0;
    for (int i = 0; i < records; ) {
      var codec = random.nextInt(CODECS.length);
      var inTransaction = random.nextBoolean();
      var producer = (inTransaction ? transactional : plain).get(codec);
      if (inTransaction && !open[codec]) {
        producer.beginTransaction();
        open[codec] = true;
      }
      for (var run = Math.min(records - i, 1 + random.nextInt(2000)); run > 0; run--, i++) {
        producer.send(new ProducerRecord<>(topic, ("key-" + random.nextInt(keys)).getBytes(), value(random, i, valueBytes)));
      }
      var other = random.nextInt(CODECS.length);
      if (open[other] && random.nextInt(3) > 0) {
        if (++ended % 3 == 0) transactional.get(other).abortTransaction();
        else transactional.get(other).commitTransaction();
        open[other] = false;
      }
    }
    for (int codec = 0; codec < CODECS.length; codec++) {
      if (open[codec] && codec % 2 == 0) transactional.get(codec).abortTransaction();
      else if (open[codec]) transactional.get(codec).commitTransaction();
      transactional.get(codec).close();
      plain.get(codec).close();
    }
  }

  static byte[] value(Random random, int i, int valueBytes) {
    var value = ("value-" + i + "-" + random.nextInt(10) + "-").getBytes(StandardCharsets.UTF_8);
    var padded = Arrays.copyOf(value, Math.max(value.length, valueBytes));
    Arrays.fill(padded, value.length, padded.length, (byte) 'x');
    return padded;
  }

  static void load(String servers, String topic, int records, int valueBytes, String codec) throws Exception {
    try (var producer = producer(servers, codec, null)) {
      var partitions = producer.partitionsFor(topic).size();
      var random = new Random(7);
      for (int i = 0; i < records; i++) {
        producer.send(new ProducerRecord<>(topic, i % partitions, null, value(random, i, valueBytes)));
      }
    }
  }

  static void batch(String servers, String topic, int records, String codec) {
    var config = new Properties();
    config.put("bootstrap.servers", servers);
    config.put("compression.type", codec);
    config.put("linger.ms", "60000");
    for (var size : new String[] {"batch.size", "max.request.size", "buffer.memory"}) config.put(size, "50000000");
    try (var producer = producer(config, null)) {
      for (int i = 0; i < records; i++) producer.send(new ProducerRecord<>(topic, String.valueOf(i).getBytes()));
      producer.flush();
    }
  }

  /** The checksum is over the text "offset:key:value" of each record, one a line. */
  static void read(String servers, String topic, String isolation) {
    var config = new Properties();
    config.put("bootstrap.servers", servers);
    config.put("isolation.level", isolation);
    config.put("enable.auto.commit", "false");
    try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions = consumer.partitionsFor(topic).stream()
          .map(info -> new TopicPartition(topic, info.partition()))
          .sorted(Comparator.comparing(TopicPartition::partition))
          .collect(Collectors.toList());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var counts = new long[partitions.size()];
      var sums = partitions.stream().map(partition -> new CRC32()).collect(Collectors.toList());
      while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          counts[record.partition()]++;
          var sum = sums.get(record.partition());
          sum.update((record.offset() + ":").getBytes());
          if (record.key() != null) sum.update(record.key());
          sum.update(':');
          if (record.value() != null) sum.update(record.value());
          sum.update('\n');
        }
      }
      for (int i = 0; i < counts.length; i++) System.out.println(i + " " + counts[i] + " " + sums.get(i).getValue());
    }
  }
}
