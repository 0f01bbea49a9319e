import java.nio.file.Path;
import java.util.*;

/** javac -d DIR examples/java/*.java, then alipayhk-mock certify -- java -cp DIR CertifyDriver */
class CertifyDriver {
    public static void main(String[] args) throws Exception {
        Map<String, Object> job = Json.parseObject(new String(System.in.readAllBytes(), "UTF-8"));
        Map<String, String> env = System.getenv();
        CompleteClient client = new CompleteClient();
        client.baseUrl = env.get("ALIPAYHK_BASE_URL");
        client.clientId = env.get("ALIPAYHK_CLIENT_ID");
        client.merchantKey = CompleteClient.privateKey(env.get("ALIPAYHK_PRIVATE_KEY"));
        client.platformKeys = new HashMap<>();
        for (var key : Json.parseObject(env.get("ALIPAYHK_PLATFORM_KEYS")).entrySet())
            client.platformKeys.put(
                    Integer.valueOf(key.getKey()), CompleteClient.publicKey((String) key.getValue()));
        client.encrypt = (Boolean) job.get("sealed");
        client.outbox = Path.of(env.get("ALIPAYHK_CERTIFY_STATE"));
        client.timeoutSeconds = Double.parseDouble(env.getOrDefault("TIMEOUT_SECONDS", "8"));
        client.pauseFactor = Double.parseDouble(env.get("ALIPAYHK_CERTIFY_PAUSE_FACTOR"));
        List<CompleteClient.Outcome> outcomes = new ArrayList<>();
        if (job.get("action").equals("resume")) outcomes.addAll(client.sendOpen());
        for (Object message : (List<?>) job.get("messages"))
            outcomes.add(client.send((String) job.get("path"), (Map<String, Object>) message));
        var claims = outcomes.stream().map(CompleteClient.Outcome::claim).toList();
        System.out.println(Json.write(Map.of("outcomes", claims)));
        System.exit(0);
    }
}
