import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first signed request, with the JDK alone (17 or newer), from the project's folder:
 *
 * <pre>java examples/java/FirstRequest.java</pre>
 *
 * Exit code 0 only if the answer is signed by the platform and says SUCCESS.
 */
public class FirstRequest {
    static final String BASE_URL = setting("BASE_URL", "http://127.0.0.1:8852");
    static final String CLIENT_ID = setting("CLIENT_ID", "4Q5Y8W0WSG45P907917");
    static final String MERCHANT_KEY = setting("MERCHANT_KEY", "keys/clients/" + CLIENT_ID + "/v1.private.pem");
    static final String PLATFORM_KEY = setting("PLATFORM_KEY", "keys/platform/v1.public.pem");
    static final String PATH = "/api/open/alipay/v1/merchant/order/sync";

    public static void main(String[] args) throws Exception {
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        PrivateKey merchantKey = rsa.generatePrivate(new PKCS8EncodedKeySpec(pem(MERCHANT_KEY)));
        PublicKey platformKey = rsa.generatePublic(new X509EncodedKeySpec(pem(PLATFORM_KEY)));

        // 1. The body, turned into bytes once, as UTF-8 by name: what is signed must be what is sent.
        //    A JSON library writes it in a real program. The escapes keep this source file free of encoding trouble;
        //    the bytes sent are Chinese characters.
        long now = System.currentTimeMillis();
        String requestId = UUID.randomUUID().toString().replace("-", ""); // new for every message
        byte[] body = """
                {
                  "requestId": "%s",
                  "merchantBizNo": "MOV%d",
                  "orderStatus": "TICKETED",
                  "openId": "2160120074526881",
                  "merchantBizType": "MOVIE_TICKET",
                  "orderCreateTime": %d,
                  "orderModifyTime": %d,
                  "amount": {"value": "22000", "currency": "HKD"},
                  "extInfo": {"cinema": {"zh_HK": "\u661f\u5149\u6232\u9662", "en_US": "Starlight Cinema"}}
                }""".formatted(requestId, now, now, now).getBytes(UTF_8);

        // 3. SHA-256 with RSA PKCS#1 v1.5, base64 on one line, then URL-encoded.
        String requestTime = OffsetDateTime.now(ZoneOffset.ofHours(8)).format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx"));
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(merchantKey);
        signer.update(signedText(requestTime, body));
        String signature = URLEncoder.encode(Base64.getEncoder().encodeToString(signer.sign()), UTF_8);

        HttpRequest request = HttpRequest.newBuilder(URI.create(BASE_URL + PATH))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("Client-Id", CLIENT_ID)
                .header("Request-Time", requestTime)
                .header("Signature", "algorithm=RSA256,keyVersion=1,signature=" + signature)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofByteArray());

        // 4. Verify the answer over its raw bytes, before JSON is parsed. A refusal may come unsigned: then nothing vouches for it.
        byte[] answer = response.body();
        Matcher found = Pattern.compile("signature=([^,]+)").matcher(response.headers().firstValue("Signature").orElse(""));
        boolean verified = false;
        if (found.find()) {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(platformKey);
            verifier.update(signedText(response.headers().firstValue("Response-Time").orElse(""), answer));
            verified = verifier.verify(Base64.getDecoder().decode(URLDecoder.decode(found.group(1), UTF_8)));
        }

        String text = new String(answer, UTF_8);
        System.out.println(text);
        System.out.println(verified ? "the answer is signed by the platform" : "NOT VERIFIED: do not trust this answer");

        // 5. The result is in the result object, not in the HTTP status. Use a JSON library in a
        // real program.
        boolean success = Pattern.compile("\"resultCode\"\\s*:\\s*\"SUCCESS\"").matcher(text).find();
        System.exit(verified && success ? 0 : 1);
    }

    /** 2. The signed text: POST, path, one line feed, client id, time, body. Nothing after the body. */
    static byte[] signedText(String time, byte[] body) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(("POST " + PATH + "\n" + CLIENT_ID + "." + time + ".").getBytes(UTF_8));
        bytes.write(body);
        return bytes.toByteArray();
    }

    /** PEM is base64 between two marked lines. Private keys must be PKCS#8 (BEGIN PRIVATE KEY): the JDK reads no other form. */
    static byte[] pem(String file) throws Exception {
        return Base64.getMimeDecoder().decode(Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----", ""));
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
