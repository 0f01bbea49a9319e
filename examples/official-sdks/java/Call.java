import com.alibaba.fastjson.annotation.JSONField;
import com.alipay.global.api.DefaultAlipayClient;
import com.alipay.global.api.exception.AlipayApiException;
import com.alipay.global.api.model.Result;
import com.alipay.global.api.request.AlipayRequest;
import com.alipay.global.api.response.AlipayResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Calls the simulator with the vendor's own, unchanged SDK, and proves that the SDK verifies the answers.
 *
 * <pre>java -cp "$SDK_CLASSPATH" examples/official-sdks/java/Call.java</pre>
 *
 * SDK_CLASSPATH names the SDK's jar and what it depends on (mvn dependency:build-classpath in a project that uses it). Start the
 * simulator with --https-port 8853: the SDK refuses plain http.
 */
public class Call {
    static final String GATEWAY = setting("HTTPS_URL", "https://localhost:8853");
    static final String CLIENT_ID = setting("CLIENT_ID", "4Q5Y8W0WSG45P907917");
    static final String MERCHANT_KEY = setting("MERCHANT_KEY", "keys/clients/" + CLIENT_ID + "/v1.private.pem");
    static final String PLATFORM_KEY = setting("PLATFORM_KEY", "keys/platform/v1.public.pem");

    /** A request for any path. The SDK writes what the getters give; the fields of the body become fields of the JSON. */
    public static class Request extends AlipayRequest<Answer> {
        private final Map<String, Object> body;

        Request(String path, Map<String, Object> body) {
            setPath(path);
            this.body = body;
        }

        @JSONField(unwrapped = true)
        public Map<String, Object> getBody() {
            return body;
        }

        @Override
        public Class<Answer> getResponseClass() {
            return Answer.class;
        }
    }

    /** The SDK looks for "result"; the membership card answers "resultInfo". One setter serves both. */
    public static class Answer extends AlipayResponse {
        public void setResultInfo(Result result) {
            setResult(result);
        }
    }

    static int failures = 0;

    public static void main(String[] args) throws Exception {
        DefaultAlipayClient client = new DefaultAlipayClient(GATEWAY, line(MERCHANT_KEY), line(PLATFORM_KEY), CLIENT_ID);

        call(client, "order sync", order());
        call(client, "account linkage", linkage());
        call(client, "membership card", card());

        // An SDK that verifies must refuse an answer that was changed after it was signed.
        for (String fault : List.of("tampered-body", "tampered-signature", "wrong-key")) {
            try {
                Answer answer = client.executeWithHeaders(order(), Map.of("x-mock-fault", fault));
                report(fault, false, "ACCEPTED: " + answer.getResult().getResultCode());
            } catch (AlipayApiException refused) {
                report(fault, true, "refused by the SDK: " + refused.getMessage());
            }
        }

        // No signature at all is another matter: this SDK takes such an answer as it is.
        String unsigned = client.executeWithHeaders(order(), Map.of("x-mock-fault", "unsigned")).getResult().getResultCode();
        System.out.println("note   unsigned - taken as it is, " + unsigned + ": check what you rest on it");
        System.exit(failures > 0 ? 1 : 0);
    }

    static void call(DefaultAlipayClient client, String name, Request request) throws AlipayApiException {
        String code = client.execute(request).getResult().getResultCode();
        report(name, code.equals("SUCCESS"), code);
    }

    static void report(String what, boolean good, String detail) {
        failures += good ? 0 : 1;
        System.out.println((good ? "ok     " : "FAILED ") + what + " - " + detail);
    }

    static Request order() {
        long now = System.currentTimeMillis();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("requestId", unique());
        body.put("merchantBizNo", "SDK-JAVA-" + unique().substring(0, 8));
        body.put("orderStatus", "TICKETED");
        body.put("openId", "2160120074526881");
        body.put("merchantBizType", "MOVIE_TICKET");
        body.put("orderCreateTime", now);
        body.put("orderModifyTime", now);
        body.put("amount", Map.of("value", "22000", "currency", "HKD"));
        body.put("extInfo", Map.of("cinema", Map.of("zh_HK", "\u661f\u5149\u6232\u9662", "en_US", "Starlight Cinema")));
        return new Request("/api/open/alipay/v1/merchant/order/sync", body);
    }

    static Request linkage() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("requestId", unique());
        body.put("bizTime", System.currentTimeMillis());
        body.put("bizType", "BINDING_SYNC");
        body.put("operateType", "BIND");
        body.put("externalIdentityType", "UID");
        body.put("externalIdentityValue", "sdk-java-" + unique().substring(0, 8));
        body.put("userId", "2160120074526881");
        body.put("bindingTargetType", "PHONE");
        body.put("bindingTarget", "85291234567");
        return new Request("/api/open/alipay/v1/promotion/binding/sync", body);
    }

    static Request card() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchantId", "2160400000002012");
        body.put("userId", "2160120074526881");
        body.put("passId", "SDK-JAVA-" + unique().substring(0, 8));
        body.put("status", "UPDATE");
        body.put("updateDetailType", "UPDATE_MEMBER_CARD");
        return new Request("/api/open/alipay/v1/ipass/pass/manage/updatePass", body);
    }

    static String unique() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** A PEM file as this SDK wants it: the base64 alone, on one line; the private key as PKCS#8. */
    static String line(String file) throws IOException {
        return Files.readString(Path.of(file)).replaceAll("-----[A-Z ]+-----|\\s", "");
    }

    static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
