import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** Gives users other SCRAM-SHA-512 passwords, new users too. Arguments: bootstrap servers, then a user and a password each. */
public class SetPassword {
    public static void main(String[] arguments) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[0]))) {
            ScramCredentialInfo iterations = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            List<UserScramCredentialAlteration> alterations = new ArrayList<>();
            for (int i = 1; i < arguments.length; i += 2) {
                alterations.add(new UserScramCredentialUpsertion(arguments[i], iterations, arguments[i + 1]));
            }
            admin.alterUserScramCredentials(alterations).all().get();
        }
    }
}
