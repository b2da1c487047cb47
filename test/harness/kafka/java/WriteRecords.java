import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes records with Java's own producer: its batches, compression and partitioner.
 * Arguments: bootstrap servers, topic, compression type.
 * Each line of standard input is {"outcome": null | "commit" | "abort", "records": [{"key","value","headers","partition","timestamp"}]};
 * with an outcome, the records are a transaction. Keys and values are base64 or null. Prints {"partition","offset"} for each record.
 */
public class WriteRecords {
  private static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    List<JsonNode> groups = readLines();
    boolean transactional = groups.stream().anyMatch(group -> !group.get("outcome").isNull());
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("compression.type", arguments[2]);
    // One batch a partition, as far as a group's records fit: it leaves when the group is complete.
    settings.put("batch.size", 900_000);
    settings.put("linger.ms", 60_000);
    if (transactional) settings.put("transactional.id", UUID.randomUUID().toString());

    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      if (transactional) producer.initTransactions();
      for (JsonNode group : groups) write(producer, arguments[1], group);
    }
  }

  private static void write(KafkaProducer<byte[], byte[]> producer, String topic, JsonNode group) throws Exception {
    String outcome = group.get("outcome").textValue();
    List<Future<RecordMetadata>> written = new ArrayList<>();
    if (outcome != null) producer.beginTransaction();
    for (JsonNode record : group.get("records")) written.add(producer.send(toRecord(topic, record)));
    producer.flush();
    if ("commit".equals(outcome)) producer.commitTransaction();
    if ("abort".equals(outcome)) producer.abortTransaction();
    for (Future<RecordMetadata> future : written) {
      RecordMetadata metadata = future.get();
      System.out.println(JSON.createObjectNode().put("partition", metadata.partition()).put("offset", metadata.offset()));
    }
  }

  private static ProducerRecord<byte[], byte[]> toRecord(String topic, JsonNode json) throws Exception {
    Integer partition = json.hasNonNull("partition") ? json.get("partition").intValue() : null;
    Long timestamp = json.hasNonNull("timestamp") ? json.get("timestamp").longValue() : null;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, timestamp, bytes(json.get("key")), bytes(json.get("value")));
    for (JsonNode header : json.withArray("headers")) record.headers().add(header.get("key").textValue(), bytes(header.get("value")));
    return record;
  }

  private static byte[] bytes(JsonNode base64) throws Exception {
    return base64 == null || base64.isNull() ? null : base64.binaryValue();
  }

  private static List<JsonNode> readLines() throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
