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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.SecretKeySpec;

/**
 * A complete client of all five operations, with the JDK alone (17 or newer), from the project's folder:
 *
 * <pre>java examples/java/CompleteClient.java [--encrypt]</pre>
 *
 * Exit code 0 only if every answer is signed by the platform and says success.
 */
public class CompleteClient {
    static final int ATTEMPTS = 5;
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");

    /** The result in every response. */
    record Result(String code, String status, String message) {}

    /** Nothing vouches for this answer. */
    static class Unverified extends IOException {
        Unverified(String message) {
            super(message);
        }
    }

    /** Nobody can say whether it was done. Send the same message again later, or ask. */
    static class UnknownOutcomeError extends Exception {
        UnknownOutcomeError(String message) {
            super(message);
        }
    }

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
    private final String baseUrl;
    private final String clientId;
    private final PrivateKey merchantKey; // signs requests, opens encrypted answers
    private final PublicKey platformKey; // verifies answers, seals requests
    private final boolean encrypt;

    CompleteClient(String baseUrl, String clientId, PrivateKey merchantKey, PublicKey platformKey, boolean encrypt) {
        this.baseUrl = baseUrl;
        this.clientId = clientId;
        this.merchantKey = merchantKey;
        this.platformKey = platformKey;
        this.encrypt = encrypt;
    }

    /** Sends a message until it has a verified S or F. Every attempt sends the same bytes, requestId included. */
    Result call(String path, String json) throws UnknownOutcomeError, InterruptedException {
        String trouble = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (attempt > 0) {
                Thread.sleep(ThreadLocalRandom.current().nextLong(50L << attempt, 100L << attempt));
            }
            try {
                Result result = exchange(path, json.getBytes(UTF_8)); // UTF-8 by name: the default is the machine's
                if (!result.status().equals("U")) {
                    return result;
                }
                trouble = result.message();
            } catch (IOException | GeneralSecurityException noAnswerThatCounts) {
                trouble = noAnswerThatCounts.toString(); // it may have been done
            }
        }
        throw new UnknownOutcomeError(path + ": " + trouble);
    }

    private Result exchange(String path, byte[] body) throws IOException, InterruptedException, GeneralSecurityException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(TIMEOUT);
        if (encrypt) {
            // A fresh AES key encrypts the body (ECB, PKCS#7 padding); the platform's RSA key wraps the AES key.
            KeyGenerator aes = KeyGenerator.getInstance("AES");
            aes.init(256);
            Key key = aes.generateKey();
            body = Base64.getEncoder().encode(cipher("AES/ECB/PKCS5Padding", Cipher.ENCRYPT_MODE, key, body));
            byte[] wrapped = cipher("RSA/ECB/PKCS1Padding", Cipher.ENCRYPT_MODE, platformKey, key.getEncoded());
            request.header("Encrypt", "algorithm=RSA_AES,keyVersion=1,symmetricKey=" + quoted(wrapped));
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

        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());

        // Verify the raw bytes, before anything is read from them. The HTTP status says little.
        byte[] answer = response.body();
        verify(path, response, answer);
        if (encrypt) {
            byte[] wrapped = pair("symmetricKey", response, "Encrypt").orElseThrow(() -> new Unverified("the answer is not encrypted"));
            byte[] key = cipher("RSA/ECB/PKCS1Padding", Cipher.DECRYPT_MODE, merchantKey, wrapped);
            answer = cipher("AES/ECB/PKCS5Padding", Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), Base64.getDecoder().decode(answer));
        }
        String text = new String(answer, UTF_8);
        return new Result(field(text, "resultCode"), field(text, "resultStatus"), field(text, "resultMessage"));
    }

    private void verify(String path, HttpResponse<byte[]> response, byte[] answer) throws IOException, GeneralSecurityException {
        Optional<byte[]> signature = pair("signature", response, "Signature");
        Optional<String> time = response.headers().firstValue("Response-Time");
        if (signature.isEmpty() || time.isEmpty()) {
            throw new Unverified("the answer is not signed");
        }
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(platformKey);
        signText(verifier, path, time.get(), answer);
        if (signature.get().length != 256 || !verifier.verify(signature.get())) {
            throw new Unverified("the answer's signature does not verify");
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

    /** The value of a key in a header like {@code algorithm=RSA256,keyVersion=1,signature=…}. */
    private static Optional<byte[]> pair(String key, HttpResponse<?> response, String header) throws Unverified {
        Matcher found = Pattern.compile("(?:^|[,\\s])" + key + "=([^,\\s]+)").matcher(response.headers().firstValue(header).orElse(""));
        try {
            return found.find() ? Optional.of(Base64.getDecoder().decode(URLDecoder.decode(found.group(1), UTF_8))) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            throw new Unverified(key + " is malformed");
        }
    }

    /** The JDK reads no JSON. A JSON library does this in a real program, and looks into result (resultInfo for the membership card). */
    private static String field(String json, String name) throws Unverified {
        Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new Unverified("the answer has no " + name);
        }
        return found.group(1);
    }

    // ---------------------------------------------------------------- the five operations

    public static void main(String[] args) throws Exception {
        String clientId = setting("CLIENT_ID", "4Q5Y8W0WSG45P907917");
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        CompleteClient client = new CompleteClient(
                setting("BASE_URL", "http://127.0.0.1:8852"),
                clientId,
                rsa.generatePrivate(new PKCS8EncodedKeySpec(pem(setting("MERCHANT_KEY", "keys/clients/" + clientId + "/v1.private.pem")))),
                rsa.generatePublic(new X509EncodedKeySpec(pem(setting("PLATFORM_KEY", "keys/platform/v1.public.pem")))),
                List.of(args).contains("--encrypt"));

        boolean good = true;
        for (Map.Entry<String, String> call : calls(System.currentTimeMillis()).entrySet()) {
            try {
                Result result = client.call(call.getKey(), call.getValue());
                good &= result.status().equals("S");
                System.out.println(result.status() + " " + call.getKey() + ": " + result.message());
            } catch (UnknownOutcomeError unknown) {
                good = false;
                System.out.println("U " + unknown.getMessage());
            }
        }
        System.exit(good ? 0 : 1);
    }

    /** The escapes keep this source file free of encoding trouble; the bytes sent are Chinese characters. */
    static Map<String, String> calls(long now) {
        Map<String, String> calls = new LinkedHashMap<>();
        // This path and the next are inferred; the path is part of what is signed, so ask AlipayHK for the real one.
        calls.put("/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync", """
                {
                  "openId": "2160120074526881",
                  "requestId": "%s",
                  "requestTime": %d,
                  "accountId": "85291234567",
                  "type": "TELECOM",
                  "subType": "MOBILE_SERVICE",
                  "status": "VALID",
                  "autoDebitStatus": "AUTO_DEBIT"
                }""".formatted(newId(), now));
        calls.put("/api/open/alipay/v1/promotion/binding/sync", """
                {
                  "requestId": "%s",
                  "bizTime": %d,
                  "bizType": "BINDING_SYNC",
                  "operateType": "BIND",
                  "externalIdentityType": "UID",
                  "externalIdentityValue": "hb-0088231",
                  "userId": "2160120074526881",
                  "bindingTargetType": "PHONE",
                  "bindingTarget": "85291234567"
                }""".formatted(newId(), now));
        calls.put("/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync", """
                {
                  "openId": "2160120074526881",
                  "requestId": "%s",
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
                }""".formatted(newId(), now, now));
        calls.put("/api/open/alipay/v1/merchant/order/sync", """
                {
                  "requestId": "%s",
                  "merchantBizNo": "MOV%s",
                  "orderStatus": "TICKETED",
                  "openId": "2160120074526881",
                  "merchantBizType": "MOVIE_TICKET",
                  "orderCreateTime": %d,
                  "orderModifyTime": %d,
                  "amount": {"value": "22000", "currency": "HKD"},
                  "extInfo": {"cinema": {"zh_HK": "\u661f\u5149\u6232\u9662", "en_US": "Starlight Cinema"}}
                }""".formatted(newId(), newId().substring(0, 16), now, now));
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

    /** PEM is base64 between two marked lines. Private keys must be PKCS#8 (BEGIN PRIVATE KEY): the JDK reads no other form. */
    static byte[] pem(String file) throws IOException {
        return Base64.getMimeDecoder().decode(Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----", ""));
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
