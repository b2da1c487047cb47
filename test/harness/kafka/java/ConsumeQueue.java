import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Consumes a topic as a member of a share group, which accepts what it gets with its next poll, and prints where each record is, as one
 * line of JSON. Leaves the group when something is written to its standard input. Arguments: bootstrap servers, topic, group.
 */
public class ConsumeQueue {
  public static void main(String[] arguments) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", arguments[0], "group.id", arguments[2], "client.id", "java-share", "max.poll.records", 5);
    try (KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(arguments[1]));
      while (System.in.available() == 0) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          ObjectNode json = new ObjectMapper().createObjectNode();
          System.out.println(json.put("partition", record.partition()).put("offset", record.offset()));
        }
      }
    }
  }
}
