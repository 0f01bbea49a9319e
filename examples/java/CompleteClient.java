import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.SecretKeySpec;

/**
 * A complete client of all five operations, with the JDK alone (17 or newer), from the project's folder:
 *
 * <pre>java -cp DIR CompleteClient [--encrypt]   (javac -d DIR examples/java/*.java)</pre>
 *
 * Exit code 0 only if every response is signed by the platform and its status is S.
 */
public class CompleteClient {
    /** Seconds before the second, third and fourth attempt. */
    static final long[] QUICK_PAUSES = {2, 2, 2};
    /** Before the fifth and the sixth, which {@link #sendOpen} makes. */
    static final long[] LATER_PAUSES = {600, 1800};
    static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
    static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");

    /** The fields that name the thing and the time of the event; the card has no time and no requestId. */
    record Operation(String thing, String eventTime) {}

    /** The first path and the third are inferred; the path is part of what is signed: ask for the real one. */
    static final Map<String, Operation> OPERATIONS = Map.of(
            "/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", new Operation("accountId", "requestTime"),
            "/api/open/alipay/v1/promotion/binding/sync", new Operation("externalIdentityValue", "bizTime"),
            "/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync", new Operation("accountId", "requestTime"),
            "/api/open/alipay/v1/merchant/order/sync", new Operation("merchantBizNo", "orderModifyTime"),
            "/api/open/alipay/v1/ipass/pass/manage/updatePass", new Operation("passId", null));

    /**
     * What is known of a message. S: done. F: refused, finally. U: unknown, and in the outbox; nextIn is
     * then the pause before its next attempt, null after the last one.
     */
    record Outcome(String status, String code, String message, Map<String, Object> answer, Duration nextIn) {
        /** What the program believes, in the words of certify. */
        Map<String, Object> claim() {
            Map<String, Object> claim = new LinkedHashMap<>();
            claim.put("outcome", status);
            if (code != null) claim.put("resultCode", code);
            claim.put("reason", message);
            claim.put("alerted", !status.equals("S") && nextIn == null);
            if (nextIn != null) claim.put("nextAttemptInMs", nextIn.toMillis());
            if (answer.get("orderStatus") != null) claim.put("observed", Map.of("orderStatus", answer.get("orderStatus")));
            return claim;
        }
    }

    /** The response is not authenticated. The code is what it states: a hint for people only. */
    static class UntrustedResponseException extends IOException {
        final String code;

        UntrustedResponseException(String message, String code) {
            super(message);
            this.code = code;
        }
    }

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Long> lastEvents = new HashMap<>();
    String baseUrl = "http://127.0.0.1:8852";
    String clientId;
    PrivateKey merchantKey; // signs requests, decrypts responses
    Map<Integer, PublicKey> platformKeys; // verify responses, by version; the newest encrypts requests
    boolean encrypt;
    Path outbox; // a folder: one file for each open message
    double timeoutSeconds = 8;
    double pauseFactor = 1;

    /** Sends one message, and again while its outcome is unknown. */
    Outcome send(String path, Map<String, Object> message) throws IOException, InterruptedException {
        Operation operation = OPERATIONS.get(path);
        Map<String, Object> body = new LinkedHashMap<>();
        if (operation.eventTime() != null) body.put("requestId", newId());
        body.putAll(message);
        if (operation.eventTime() != null) {
            // A later event of the same thing has a later time, even within one millisecond.
            String thing = path + " " + message.get(operation.thing());
            long time = Long.parseLong(((Json.Number) message.get(operation.eventTime())).text());
            time = Math.max(time, lastEvents.getOrDefault(thing, 0L) + 1);
            lastEvents.put(thing, time);
            body.put(operation.eventTime(), new Json.Number(Long.toString(time)));
        }
        // Serialised once: every attempt sends the same message, requestId included.
        Map<String, Object> entry = new LinkedHashMap<>(Map.of("path", path, "body", Json.write(body)));
        String name = System.currentTimeMillis() + "-" + newId() + ".json";
        Outcome outcome = attempt(name, entry);
        for (long pause : QUICK_PAUSES) {
            if (!outcome.status().equals("U")) break;
            Thread.sleep(Math.round(pause * 1000 * pauseFactor));
            outcome = attempt(name, entry);
        }
        return outcome;
    }

    /** One more attempt for each open message, oldest first: call it at the start and by a timer. */
    List<Outcome> sendOpen() throws IOException, InterruptedException {
        List<Path> files;
        try (var all = Files.list(outbox)) {
            files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Path file : files) outcomes.add(attempt(file.getFileName().toString(), Json.parseObject(Files.readString(file))));
        return outcomes;
    }

    private Outcome attempt(String name, Map<String, Object> entry) throws IOException, InterruptedException {
        int attempts = 1 + (entry.get("attempts") instanceof Json.Number made ? Integer.parseInt(made.text()) : 0);
        entry.put("attempts", new Json.Number(Integer.toString(attempts)));
        keep(name, entry); // before the first byte leaves
        String path = (String) entry.get("path");
        String code = null;
        String reason;
        try {
            Map<String, Object> answer = exchange(path, ((String) entry.get("body")).getBytes(UTF_8)); // the default is the machine's
            Map<?, ?> result = result(answer);
            String status = (String) result.get("resultStatus");
            code = (String) result.get("resultCode");
            reason = String.valueOf(result.get("resultMessage"));
            if ("S".equals(status) || "F".equals(status)) {
                keep(name, null);
                if (status.equals("F")) alert(path + " failed: " + code);
                return new Outcome(status, code, reason, answer, null);
            }
        } catch (UntrustedResponseException untrusted) {
            code = untrusted.code;
            reason = untrusted.getMessage();
        } catch (IOException | GeneralSecurityException | ExecutionException | TimeoutException | RuntimeException none) {
            reason = none.toString();
        }
        // Unknown: it may have been done.
        int later = attempts - QUICK_PAUSES.length - 1;
        if (later >= LATER_PAUSES.length) alert(path + ": the outcome is still unknown: " + reason);
        long pause = later < 0 ? 2 : later < LATER_PAUSES.length ? LATER_PAUSES[later] : -1;
        return new Outcome("U", code, reason, Map.of(), pause < 0 ? null : Duration.ofMillis(Math.round(pause * 1000 * pauseFactor)));
    }

    /** Writes an open message so that it survives the process, or deletes a settled one. */
    private void keep(String name, Map<String, Object> entry) throws IOException {
        if (outbox == null) return;
        if (entry == null) {
            Files.delete(outbox.resolve(name));
            return;
        }
        Path temporary = Files.writeString(outbox.resolve(name + ".new"), Json.write(entry));
        Files.move(temporary, outbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void alert(String text) {
        System.err.println("ALERT " + text);
    }

    private Map<String, Object> exchange(String path, byte[] body)
            throws IOException, InterruptedException, GeneralSecurityException, ExecutionException, TimeoutException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path));
        if (encrypt) {
            // A fresh AES key encrypts the body (ECB, PKCS#7 padding); the platform's RSA key wraps the AES key.
            KeyGenerator aes = KeyGenerator.getInstance("AES");
            aes.init(256);
            Key key = aes.generateKey();
            int version = Collections.max(platformKeys.keySet());
            body = Base64.getEncoder().encode(cipher("AES/ECB/PKCS5Padding", Cipher.ENCRYPT_MODE, key, body));
            byte[] wrapped = cipher("RSA/ECB/PKCS1Padding", Cipher.ENCRYPT_MODE, platformKeys.get(version), key.getEncoded());
            request.header("Encrypt", "algorithm=RSA_AES,keyVersion=" + version + ",symmetricKey=" + quoted(wrapped));
        }
        String time = OffsetDateTime.now(ZoneOffset.ofHours(8)).format(SECONDS);
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(merchantKey);
        signText(signer, path, time, body);
        request.header("Content-Type", (encrypt ? "text/plain" : "application/json") + "; charset=UTF-8")
                .header("Client-Id", clientId)
                .header("Request-Time", time)
                .header("Signature", "algorithm=RSA256,keyVersion=1,signature=" + quoted(signer.sign()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));

        HttpResponse<byte[]> response = receive(request.build());

        // Verify the raw bytes, before they are parsed. The HTTP status says little.
        byte[] answer = response.body();
        verify(path, response, answer);
        Optional<String> encryption = response.headers().firstValue("Encrypt");
        if (encrypt && encryption.isPresent()) {
            byte[] key = cipher("RSA/ECB/PKCS1Padding", Cipher.DECRYPT_MODE, merchantKey, unquoted(pair("symmetricKey", encryption.get())));
            answer = cipher("AES/ECB/PKCS5Padding", Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), Base64.getDecoder().decode(answer));
        }
        Map<String, Object> json = Json.parseObject(new String(answer, UTF_8));
        // A refusal from before decryption is in the clear. A success never is.
        if (encrypt && encryption.isEmpty() && "S".equals(result(json).get("resultStatus"))) {
            throw new UntrustedResponseException("the request was encrypted, but its success is not", null);
        }
        return json;
    }

    /** The whole response within the time-out; the request's own time-out ends with the headers. */
    private HttpResponse<byte[]> receive(HttpRequest request) throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpResponse<byte[]>> pending = http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            return pending.get(Math.round(timeoutSeconds * 1000), TimeUnit.MILLISECONDS);
        } finally {
            pending.cancel(true);
        }
    }

    private void verify(String path, HttpResponse<byte[]> response, byte[] answer) throws IOException, GeneralSecurityException {
        List<String> header = response.headers().allValues("Signature");
        List<String> time = response.headers().allValues("Response-Time");
        if (header.size() != 1 || time.size() != 1) { // of a doubled header neither counts
            throw new UntrustedResponseException("the response is not signed", statedCode(answer));
        }
        PublicKey key = platformKeys.get(Integer.parseInt(pair("keyVersion", header.get(0))));
        if (key == null) {
            throw new UntrustedResponseException("the response names an unknown key version", null);
        }
        byte[] signature = unquoted(pair("signature", header.get(0)));
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(key);
        signText(verifier, path, time.get(0), answer);
        if (signature.length != 256 || !verifier.verify(signature)) {
            throw new UntrustedResponseException("the response's signature does not verify", null);
        }
        Duration age = Duration.between(OffsetDateTime.parse(time.get(0)), OffsetDateTime.now()).abs();
        if (age.compareTo(CLOCK_TOLERANCE) > 0) {
            throw new UntrustedResponseException("Response-Time " + time.get(0) + " is not of now", null);
        }
    }

    private static Map<?, ?> result(Map<String, Object> answer) throws IOException {
        Object result = answer.getOrDefault("result", answer.get("resultInfo"));
        if (result instanceof Map<?, ?> members) return members;
        throw new IOException("the response has no result");
    }

    private static String statedCode(byte[] answer) {
        try {
            return (String) result(Json.parseObject(new String(answer, UTF_8))).get("resultCode");
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    /** The signed text: POST, path, one line feed, client id, time, body. Nothing after the body. */
    private void signText(Signature signature, String path, String time, byte[] body) throws GeneralSecurityException {
        signature.update(("POST " + path + "\n" + clientId + "." + time + ".").getBytes(UTF_8));
        signature.update(ByteBuffer.wrap(body));
    }

    private static byte[] cipher(String transformation, int mode, Key key, byte[] input) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(mode, key);
        return cipher.doFinal(input);
    }

    private static String quoted(byte[] value) {
        return URLEncoder.encode(Base64.getEncoder().encodeToString(value), UTF_8);
    }

    private static byte[] unquoted(String text) {
        return Base64.getDecoder().decode(URLDecoder.decode(text, UTF_8));
    }

    /** The value of a key in a header like {@code algorithm=RSA256,keyVersion=1,signature=…}. */
    private static String pair(String key, String header) throws IOException {
        Matcher found = Pattern.compile("(?:^|[,\\s])" + key + "=([^,\\s]+)").matcher(header);
        if (!found.find()) throw new UntrustedResponseException("the response's header has no " + key, null);
        return found.group(1);
    }

    // ---------------------------------------------------------------- the five operations

    public static void main(String[] args) throws Exception {
        String clientId = setting("CLIENT_ID", "4Q5Y8W0WSG45P907917");
        CompleteClient client = new CompleteClient();
        client.baseUrl = setting("BASE_URL", client.baseUrl);
        client.clientId = clientId;
        String merchantKey = setting("MERCHANT_KEY", "keys/clients/" + clientId + "/v1.private.pem");
        String platformKey = setting("PLATFORM_KEY", "keys/platform/v1.public.pem");
        client.merchantKey = privateKey(pem(merchantKey));
        client.platformKeys = Map.of(1, publicKey(pem(platformKey)));
        client.encrypt = List.of(args).contains("--encrypt");
        client.pauseFactor = Double.parseDouble(setting("PAUSE_FACTOR", "1"));

        boolean good = true;
        for (Map.Entry<String, String> call : calls(System.currentTimeMillis()).entrySet()) {
            Outcome outcome = client.send(call.getKey(), Json.parseObject(call.getValue()));
            good &= outcome.status().equals("S");
            System.out.println(outcome.status() + " " + call.getKey() + ": " + outcome.message());
        }
        System.exit(good ? 0 : 1);
    }

    /** The escapes keep this source file free of encoding trouble; the bytes sent are Chinese characters. */
    static Map<String, String> calls(long now) {
        Map<String, String> calls = new LinkedHashMap<>();
        calls.put("/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", """
                {
                  "openId": "2160120074526881",
                  "requestTime": %d,
                  "accountId": "85291234567",
                  "type": "TELECOM",
                  "subType": "MOBILE_SERVICE",
                  "status": "VALID",
                  "autoDebitStatus": "AUTO_DEBIT"
                }""".formatted(now));
        calls.put("/api/open/alipay/v1/promotion/binding/sync", """
                {
                  "bizTime": %d,
                  "bizType": "BINDING_SYNC",
                  "operateType": "BIND",
                  "externalIdentityType": "UID",
                  "externalIdentityValue": "hb-0088231",
                  "userId": "2160120074526881",
                  "bindingTargetType": "PHONE",
                  "bindingTarget": "85291234567"
                }""".formatted(now));
        calls.put("/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync", """
                {
                  "openId": "2160120074526881",
                  "requestTime": %d,
                  "accountId": "85291234567",
                  "type": "TELECOM",
                  "status": "VALID",
                  "merchant": {"merchantAccountId": "2160400000002012"},
                  "amount": 12800,
                  "currencyCode": "HKD",
                  "paymentResult": "SUCCESS",
                  "paymentDate": %d,
                  "actionUrl": "alipayhk://platformapi/startapp?appId=20000067"
                }""".formatted(now, now));
        calls.put("/api/open/alipay/v1/merchant/order/sync", """
                {
                  "merchantBizNo": "MOV%s",
                  "orderStatus": "TICKETED",
                  "openId": "2160120074526881",
                  "merchantBizType": "MOVIE_TICKET",
                  "orderCreateTime": %d,
                  "orderModifyTime": %d,
                  "amount": {"value": "22000", "currency": "HKD"},
                  "extInfo": {"cinema": {"zh_HK": "\u661f\u5149\u6232\u9662", "en_US": "Starlight Cinema"}}
                }""".formatted(newId().substring(0, 16), now, now));
        calls.put("/api/open/alipay/v1/ipass/pass/manage/updatePass", """
                {
                  "merchantId": "2160400000002012",
                  "userId": "2160120074526881",
                  "passId": "PASS%d",
                  "status": "UPDATE",
                  "updateDetailType": "UPDATE_MEMBER_CARD",
                  "dataInfo": {"$points$": "1280", "$level$": "\u91d1\u5361\u6703\u54e1"}
                }""".formatted(now));
        return calls;
    }

    static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** A private key must be PKCS#8 (BEGIN PRIVATE KEY): the JDK reads no other form. */
    static PrivateKey privateKey(String base64) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    static PublicKey publicKey(String base64) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der));
    }

    /** PEM is base64 between two marked lines. */
    static String pem(String file) throws IOException {
        return Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----", "");
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
