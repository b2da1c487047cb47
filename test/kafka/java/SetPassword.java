import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** Gives a user another SCRAM-SHA-512 password. Arguments: bootstrap servers, user, password. */
public class SetPassword {
    public static void main(String[] arguments) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[0]))) {
            ScramCredentialInfo iterations = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            UserScramCredentialAlteration alteration = new UserScramCredentialUpsertion(arguments[1], iterations, arguments[2]);
            admin.alterUserScramCredentials(List.of(alteration)).all().get();
        }
    }
}
