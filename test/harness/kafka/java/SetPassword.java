import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.ResourceNotFoundException;

/**
 * Gives users other SCRAM-SHA-512 passwords, new users too, and waits until a broker has heard of them: the controller answers earlier. It is
 * told by the iterations, which are others each time. Arguments: bootstrap servers, then a user and a password each.
 */
public class SetPassword {
    public static void main(String[] arguments) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", arguments[0]))) {
            int iterations = 4096 + (int) (System.currentTimeMillis() % 4096);
            ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, iterations);
            List<String> users = new ArrayList<>();
            List<UserScramCredentialAlteration> alterations = new ArrayList<>();
            for (int i = 1; i < arguments.length; i += 2) {
                users.add(arguments[i]);
                alterations.add(new UserScramCredentialUpsertion(arguments[i], info, arguments[i + 1]));
            }
            admin.alterUserScramCredentials(alterations).all().get();
            while (!knows(admin, users, info)) Thread.sleep(20);
        }
    }

    private static boolean knows(Admin admin, List<String> users, ScramCredentialInfo info) throws Exception {
        try {
            return admin.describeUserScramCredentials(users).all().get().values().stream()
                .allMatch(user -> user.credentialInfos().contains(info));
        } catch (ExecutionException error) {
            if (error.getCause() instanceof ResourceNotFoundException) return false;
            throw error;
        }
    }
}
