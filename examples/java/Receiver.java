import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
 * once, and answers within 3 s, signed. The JDK alone, 17 or newer.
 *
 *     javac -d build examples/java/{Receiver,Json}.java
 *     PORT=3000 java -cp build Receiver
 *
 * ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY (yours) and ALIPAYHK_PLATFORM_KEY (AlipayHK's) as
 * `alipayhk-mock env` prints them: keys as bare base64. With several platform versions:
 * ALIPAYHK_PLATFORM_KEY_2=… for version 2.
 */
public class Receiver {
    static final Duration MAX_AGE = Duration.ofMinutes(10);
    static final int MAX_BODY_BYTES = 1024 * 1024;
    static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");
    static final Map<String, Object> SUCCESS =
            Map.of("resultCode", "SUCCESS", "resultStatus", "S", "resultMessage", "success");
    static final Map<String, Object> REFUSED =
            Map.of("result", Map.of("resultCode", "INVALID_SIGNATURE", "resultStatus", "F"));

    static final String CLIENT_ID = setting("ALIPAYHK_CLIENT_ID", "");
    static final String KEY_VERSION = setting("ALIPAYHK_KEY_VERSION", "1");
    /** The claim of an id comes before the work: in production a unique index does it. */
    static final Set<String> APPLIED = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) throws Exception {
        byte[] der = Base64.getDecoder().decode(setting("ALIPAYHK_PRIVATE_KEY", ""));
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        int port = Integer.parseInt(setting("PORT", "3000"));
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        HttpServer server = HttpServer.create(new InetSocketAddress(loopback, port), 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/", exchange -> {
            try (exchange) { // What breaks off, or is no JSON, applies nothing.
                receive(exchange, key);
            } catch (IllegalArgumentException | GeneralSecurityException problem) {
                System.err.println(problem.getMessage());
            }
        });
        server.start();
        System.out.println("receiver listens on http://127.0.0.1:" + server.getAddress().getPort());
    }

    static void receive(HttpExchange exchange, PrivateKey key) throws IOException, GeneralSecurityException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && Long.parseLong(length) != body.length || body.length > MAX_BODY_BYTES) return;
        String path = exchange.getRequestURI().toString();
        Map<String, Object> answer = isTrusted(exchange, path, body)
                ? handle(path, Json.parseObject(new String(body, UTF_8)))
                : REFUSED;
        reply(exchange, path, Json.write(answer).getBytes(UTF_8), key);
    }

    /** Signed content: {@code POST <path>\n<Client-Id>.<time>.<body as it arrived>}. */
    static void update(Signature signature, String path, String time, byte[] body) throws GeneralSecurityException {
        signature.update(("POST " + path + "\n" + CLIENT_ID + "." + time + ".").getBytes(UTF_8));
        signature.update(body);
    }

    static boolean isTrusted(HttpExchange exchange, String path, byte[] body) {
        var headers = exchange.getRequestHeaders();
        String time = headers.getFirst("Request-Time");
        String header = headers.getFirst("Signature");
        if (time == null || header == null || !CLIENT_ID.equals(headers.getFirst("Client-Id"))) return false;
        try {
            // A captured request must not be worth anything tomorrow.
            if (OffsetDateTime.parse(time).isBefore(OffsetDateTime.now().minus(MAX_AGE))) return false;
            Map<String, String> pairs = new HashMap<>();
            for (String pair : header.split(",")) {
                String[] parts = pair.trim().split("=", 2);
                pairs.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
            if (!"RSA256".equals(pairs.get("algorithm"))) return false;
            // The decoder takes a bare plus sign for a space.
            String encoded = pairs.getOrDefault("signature", "").replace("+", "%2B");
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(platformKey(pairs.get("keyVersion")));
            update(verifier, path, time, body);
            return verifier.verify(Base64.getDecoder().decode(URLDecoder.decode(encoded, UTF_8)));
        } catch (DateTimeParseException | IllegalArgumentException | GeneralSecurityException problem) {
            return false;
        }
    }

    static Map<String, Object> handle(String path, Map<String, Object> message) {
        boolean isOlderEnvelope = message.get("request") instanceof Map<?, ?>;
        Map<?, ?> fields = message;
        if (message.get("request") instanceof Map<?, ?> request) fields = (Map<?, ?>) request.get("body");
        String id = null;
        for (String name : List.of("billNo", "acquirementId", "orderId", "requestId")) {
            if (id == null && fields.get(name) instanceof String value) id = value;
        }
        if (id != null) {
            boolean isNew = APPLIED.add(id);
            // Here the points are added, the order is created: once.
            System.out.println(Json.write(Map.of("path", path, "id", id, "isNew", isNew)));
        }
        if (isOlderEnvelope) {
            return Map.of("response", Map.of("head", Map.of("respTime", now()), "body", Map.of("resultInfo", SUCCESS)));
        }
        Map<String, Object> answer = new LinkedHashMap<>(Map.of("result", SUCCESS));
        if (path.contains("top_up")) {
            answer.put("acquiringSite", "aboss");
            answer.put("orderInfo", id == null ? Map.of() : Map.of("id", id));
        }
        return answer;
    }

    static void reply(HttpExchange exchange, String path, byte[] body, PrivateKey key)
            throws IOException, GeneralSecurityException {
        String time = now();
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(key);
        update(signer, path, time, body);
        String value = URLEncoder.encode(Base64.getEncoder().encodeToString(signer.sign()), UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json; charset=UTF-8");
        headers.set("Client-Id", CLIENT_ID);
        headers.set("Response-Time", time);
        headers.set("Signature", "algorithm=RSA256,keyVersion=" + KEY_VERSION + ",signature=" + value);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    static String now() {
        return OffsetDateTime.now(ZoneOffset.ofHours(8)).format(SECONDS);
    }

    static PublicKey platformKey(String version) throws GeneralSecurityException {
        String text = setting("ALIPAYHK_PLATFORM_KEY_" + version, setting("ALIPAYHK_PLATFORM_KEY", ""));
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
