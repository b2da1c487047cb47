import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerExtensionsValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;

/**
 * Stands in for the IAM access control of Amazon MSK: a token is the base64url of a presigned request (Signature Version 4, in the
 * query) for kafka-cluster:Connect, whose signature is computed again here from the secret key. Options of the login module: region,
 * accessKeyId, secretAccessKey, and sessionToken where the key has one. The principal is the access key id.
 */
public class MskIamCheck implements AuthenticateCallbackHandler {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Set<String> PARAMETERS = Set.of("Action", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
            "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token", "User-Agent");

    private Map<String, ?> options;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        options = entries.get(0).getOptions();
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof OAuthBearerValidatorCallback validator) {
                try {
                    validator.token(check(validator.tokenValue()));
                } catch (Exception refused) {
                    // As MSK does: error 58, and nothing of the reason.
                    System.err.println("MskIamCheck refuses: " + refused);
                    throw new SaslAuthenticationException("[" + UUID.randomUUID() + "]: Access denied");
                }
            } else if (callback instanceof OAuthBearerExtensionsValidatorCallback extensions) {
                extensions.inputExtensions().map().keySet().forEach(extensions::valid);
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private OAuthBearerToken check(String token) throws Exception {
        URI url = URI.create(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        String region = option("region");
        require("https".equals(url.getScheme()) && url.getHost().equals("kafka." + region + ".amazonaws.com"), "host");
        TreeMap<String, String> raw = new TreeMap<>();
        for (String pair : url.getRawQuery().split("&")) {
            String[] parts = pair.split("=", 2);
            require(raw.put(parts[0], parts[1]) == null, "repeated " + parts[0]);
            require(PARAMETERS.contains(parts[0]), "parameter " + parts[0]);
        }
        require("kafka-cluster:Connect".equals(decoded(raw, "Action")), "action");
        require("AWS4-HMAC-SHA256".equals(raw.get("X-Amz-Algorithm")), "algorithm");
        require("host".equals(raw.get("X-Amz-SignedHeaders")), "signed headers");
        require(options.get("sessionToken") == null || option("sessionToken").equals(decoded(raw, "X-Amz-Security-Token")), "session token");

        String time = raw.get("X-Amz-Date");
        Instant signed = Instant.from(TIME.parse(time));
        require(raw.get("X-Amz-Expires").matches("[0-9]+"), "expiry " + raw.get("X-Amz-Expires"));
        Instant expires = signed.plusSeconds(Math.min(900, Long.parseLong(raw.get("X-Amz-Expires"))));
        require(Instant.now().isAfter(signed.minusSeconds(300)) && Instant.now().isBefore(expires), "time " + time);

        String scope = time.substring(0, 8) + "/" + region + "/kafka-cluster/aws4_request";
        require((option("accessKeyId") + "/" + scope).equals(decoded(raw, "X-Amz-Credential")), "credential");
        String signature = raw.get("X-Amz-Signature");
        String query = raw.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("X-Amz-Signature") && !entry.getKey().equals("User-Agent"))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&"));
        String request = String.join("\n", "GET", "/", query, "host:" + url.getHost(), "", "host", sha256(""));
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", time, scope, sha256(request));
        require(MessageDigest.isEqual(bytes(signatureOf(toSign, scope)), bytes(signature)), "signature");
        return new Token(token, option("accessKeyId"), signed.toEpochMilli(), expires.toEpochMilli());
    }

    private String signatureOf(String toSign, String scope) throws Exception {
        byte[] key = bytes("AWS4" + option("secretAccessKey"));
        for (String part : scope.split("/")) key = hmac(key, part);
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private String option(String name) {
        return String.valueOf(options.get(name));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(bytes(text));
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String decoded(Map<String, String> raw, String name) {
        return URLDecoder.decode(raw.getOrDefault(name, ""), StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String what) throws SaslException {
        if (!holds) throw new SaslException("wrong " + what);
    }

    @Override
    public void close() {
    }

    private record Token(String value, String principalName, Long startTimeMs, long lifetimeMs) implements OAuthBearerToken {
        @Override
        public Set<String> scope() {
            return Set.of();
        }
    }
}
