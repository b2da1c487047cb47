import java.io.File;
import java.security.KeyStore;
import java.util.Base64;

/** Prints the private key of a key store, PKCS #8 in base64, which keytool cannot. Arguments: file, password, alias. */
public class ExportKey {
    public static void main(String[] arguments) throws Exception {
        char[] password = arguments[1].toCharArray();
        KeyStore store = KeyStore.getInstance(new File(arguments[0]), password);
        System.out.println(Base64.getEncoder().encodeToString(store.getKey(arguments[2], password).getEncoded()));
    }
}
