import java.security.KeyFactory;
import java.security.spec.*;
import java.util.*;

/** javac -d DIR examples/java/*.java, then alipayhk-mock certify -- java -cp DIR CertifyDriver */
class CertifyDriver {
    public static void main(String[] args) throws Exception {
        Map<String, Object> job = Json.parseObject(new String(System.in.readAllBytes(), "UTF-8")), claim = new HashMap<>();
        Map<String, String> env = System.getenv();
        Base64.Decoder base64 = Base64.getDecoder();
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        CompleteClient client = new CompleteClient();
        client.baseUrl = env.get("ALIPAYHK_BASE_URL");
        client.clientId = env.get("ALIPAYHK_CLIENT_ID");
        client.merchantKey = rsa.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(env.get("ALIPAYHK_PRIVATE_KEY"))));
        client.platformKeys = new HashMap<>();
        for (var key : Json.parseObject(env.get("ALIPAYHK_PLATFORM_KEYS")).entrySet())
            client.platformKeys.put(Integer.valueOf(key.getKey()), rsa.generatePublic(new X509EncodedKeySpec(base64.decode((String) key.getValue()))));
        client.encrypt = (Boolean) job.get("sealed");
        client.outbox = java.nio.file.Path.of(env.get("ALIPAYHK_CERTIFY_STATE"));
        client.timeoutSeconds = Double.parseDouble(env.getOrDefault("TIMEOUT_SECONDS", "8"));
        client.pauseFactor = Double.parseDouble(env.getOrDefault("ALIPAYHK_CERTIFY_PAUSE_FACTOR", "1"));
        var messages = job.get("messages") instanceof List<?> list ? list : job.get("message") == null ? List.of() : List.of(job.get("message"));
        List<CompleteClient.Outcome> outcomes = job.get("action").equals("resume") ? client.sendOpen() : new ArrayList<>();
        for (Object message : messages) outcomes.add(client.send((String) job.get("path"), (Map<String, Object>) message));
        List<Map<String, Object>> claims = outcomes.stream().map(CompleteClient.Outcome::claim).toList();
        for (int at = 0; at < claims.size(); at++) claims.get(at).put("message", at + 1);
        claim.putAll(claims.stream().min(Comparator.comparing(one -> "UFS".indexOf(one.get("outcome").toString().charAt(0)))).orElse(Map.of("outcome", "SUCCESS")));
        claim.put(messages.isEmpty() ? "resent" : "outcomes", messages.isEmpty() ? outcomes.size() : claims);
        System.out.println(Json.write(claim));
        System.exit(0);
    }
}
