using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

/// <summary>
/// What is known of a message. S: done. F: refused, finally. U: unknown, and in the outbox; NextIn is then the pause before its
/// next attempt, null after the last one.
/// </summary>
public sealed record Outcome(string Status, string? Code, string Reason, string? OrderStatus = null, TimeSpan? NextIn = null);

/// <summary>The response is not authenticated. The code is what it states: a hint for people only.</summary>
public sealed class UntrustedResponseException(string message, string? code = null) : Exception(message)
{
    public string? Code { get; } = code;
}

/// <param name="http">Its Timeout covers the whole response.</param>
/// <param name="merchantKey">Signs requests, decrypts responses.</param>
/// <param name="platformKeys">Verify responses, by version; the newest encrypts requests.</param>
public sealed class AlipayHKClient(HttpClient http, string clientId, RSA merchantKey, IReadOnlyDictionary<int, RSA> platformKeys, bool encrypt)
{
    /// <summary>Seconds before the second, third and fourth attempt.</summary>
    private static readonly double[] QuickPauses = [2, 2, 2];

    /// <summary>Before the fifth and the sixth, which SendOpenAsync makes.</summary>
    private static readonly double[] LaterPauses = [600, 1800];

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The fields that name the thing and the time of the event. The first path and the third are inferred; the path is part of
    /// what is signed, so ask AlipayHK for the real one. The card has neither an event time nor a requestId.
    /// </summary>
    private static readonly Dictionary<string, (string Thing, string? EventTime)> Operations = new()
    {
        ["/api/open/v1/alipayhk/merchant/outAccount/additionalInfo/sync"] = ("accountId", "requestTime"),
        ["/api/open/alipay/v1/promotion/binding/sync"] = ("externalIdentityValue", "bizTime"),
        ["/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync"] = ("accountId", "requestTime"),
        ["/api/open/alipay/v1/merchant/order/sync"] = ("merchantBizNo", "orderModifyTime"),
        ["/api/open/alipay/v1/ipass/pass/manage/updatePass"] = ("passId", null),
    };

    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Chinese characters as they are
    };

    private readonly Dictionary<string, long> lastEvents = [];

    /// <summary>A folder: one file for each open message. Without it they are lost with the process.</summary>
    public string? Outbox { get; init; }

    public double PauseFactor { get; init; } = 1;

    /// <summary>A client of the ALIPAYHK_* variables, whose keys are bare base64.</summary>
    public static AlipayHKClient FromEnvironment(bool encrypt, string outbox, double pauseFactor)
    {
        static string Env(string name, string otherwise = "") => Environment.GetEnvironmentVariable(name) ?? otherwise;
        var merchantKey = RSA.Create();
        merchantKey.ImportPkcs8PrivateKey(Convert.FromBase64String(Env("ALIPAYHK_PRIVATE_KEY")), out _);
        var keys = JsonNode.Parse(Env("ALIPAYHK_PLATFORM_KEYS"))!.AsObject().ToDictionary(key => int.Parse(key.Key), key =>
        {
            var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(Convert.FromBase64String((string)key.Value!), out _);
            return rsa;
        });
        var http = new HttpClient
        {
            BaseAddress = new Uri(Env("ALIPAYHK_BASE_URL")),
            Timeout = TimeSpan.FromSeconds(double.Parse(Env("TIMEOUT_SECONDS", "8"), CultureInfo.InvariantCulture)),
        };
        return new AlipayHKClient(http, Env("ALIPAYHK_CLIENT_ID"), merchantKey, keys, encrypt)
        {
            Outbox = outbox,
            PauseFactor = pauseFactor,
        };
    }

    private sealed record Entry(string Path, string Body, int Attempts);

    /// <summary>Sends one message, and again while its outcome is unknown.</summary>
    public async Task<Outcome> SendAsync(string path, JsonObject message, CancellationToken cancel = default)
    {
        var (thing, eventTime) = Operations[path];
        if (eventTime is not null)
        {
            message["requestId"] ??= Guid.NewGuid().ToString("N");
            // A later event of the same thing has a later time, even within one millisecond.
            var name = $"{path} {message[thing]}";
            var time = Math.Max(message[eventTime]!.GetValue<long>(), lastEvents.GetValueOrDefault(name) + 1);
            message[eventTime] = lastEvents[name] = time;
        }
        // Serialised once: every attempt sends the same message, requestId included.
        var entry = new Entry(path, message.ToJsonString(Json), 0);
        var file = $"{DateTime.UtcNow.Ticks}-{Guid.NewGuid():N}.json";
        var (outcome, sent) = await AttemptAsync(file, entry, cancel);
        foreach (var pause in QuickPauses)
        {
            if (outcome.Status != "U")
            {
                break;
            }
            await Task.Delay(Scale(pause), cancel);
            (outcome, sent) = await AttemptAsync(file, sent, cancel);
        }
        return outcome;
    }

    /// <summary>One more attempt for each open message, oldest first: call it at the start and by a timer.</summary>
    public async Task<List<Outcome>> SendOpenAsync(CancellationToken cancel = default)
    {
        var outcomes = new List<Outcome>();
        foreach (var file in Directory.GetFiles(Outbox!, "*.json").Order(StringComparer.Ordinal))
        {
            var entry = JsonSerializer.Deserialize<Entry>(await File.ReadAllTextAsync(file, cancel))!;
            outcomes.Add((await AttemptAsync(Path.GetFileName(file), entry, cancel)).Outcome);
        }
        return outcomes;
    }

    private async Task<(Outcome Outcome, Entry Sent)> AttemptAsync(string file, Entry entry, CancellationToken cancel)
    {
        entry = entry with { Attempts = entry.Attempts + 1 };
        Keep(file, entry); // before the first byte leaves
        string? code = null;
        string reason;
        try
        {
            var answer = await ExchangeAsync(entry.Path, Encoding.UTF8.GetBytes(entry.Body), cancel);
            var result = ResultOf(answer);
            var status = (string?)result["resultStatus"];
            code = (string?)result["resultCode"];
            reason = (string?)result["resultMessage"] ?? "";
            if (status is "S" or "F")
            {
                Keep(file, null);
                if (status == "F")
                {
                    Alert($"{entry.Path} failed: {code}");
                }
                return (new Outcome(status, code, reason, (string?)answer["orderStatus"]), entry);
            }
        }
        catch (UntrustedResponseException untrusted)
        {
            (code, reason) = (untrusted.Code, untrusted.Message);
        }
        catch (Exception failure) when (IsNoResponse(failure) && !cancel.IsCancellationRequested)
        {
            reason = failure.Message;
        }
        // Unknown: it may have been done.
        var later = entry.Attempts - QuickPauses.Length - 1;
        if (later >= LaterPauses.Length)
        {
            Alert($"{entry.Path}: the outcome is still unknown: {reason}");
            return (new Outcome("U", code, reason), entry);
        }
        return (new Outcome("U", code, reason, NextIn: Scale(later < 0 ? QuickPauses[0] : LaterPauses[later])), entry);
    }

    private static bool IsNoResponse(Exception failure) =>
        failure is HttpRequestException or TaskCanceledException or IOException or JsonException or CryptographicException
            or FormatException or InvalidOperationException;

    private TimeSpan Scale(double seconds) => TimeSpan.FromSeconds(seconds * PauseFactor);

    private static void Alert(string text) => Console.Error.WriteLine($"ALERT {text}");

    /// <summary>Writes an open message so that it survives the process, or deletes a settled one.</summary>
    private void Keep(string name, Entry? entry)
    {
        if (Outbox is null)
        {
            return;
        }
        var file = Path.Combine(Outbox, name);
        if (entry is null)
        {
            File.Delete(file);
            return;
        }
        File.WriteAllText($"{file}.new", JsonSerializer.Serialize(entry));
        File.Move($"{file}.new", file, overwrite: true);
    }

    private async Task<JsonObject> ExchangeAsync(string path, byte[] body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        var type = "application/json";
        if (encrypt)
        {
            (body, var encryption) = Encrypt(body);
            type = "text/plain";
            request.Headers.TryAddWithoutValidation("Encrypt", encryption);
        }
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:sszzz");
        var signature = merchantKey.SignData(SignedText(path, time, body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.Headers.Add("Client-Id", clientId);
        request.Headers.Add("Request-Time", time);
        request.Headers.TryAddWithoutValidation("Signature", $"algorithm=RSA256,keyVersion=1,signature={Quoted(signature)}");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type, "UTF-8");

        using var response = await http.SendAsync(request, cancel); // reads the body too
        var answer = await response.Content.ReadAsByteArrayAsync(cancel);

        // The raw bytes, before they are parsed. The HTTP status says little.
        Verify(path, response, answer);
        var wrapped = Header(response, "Encrypt");
        if (encrypt && wrapped is not null)
        {
            answer = Decrypt(wrapped, answer);
        }
        var json = JsonNode.Parse(answer) as JsonObject ?? throw new UntrustedResponseException("the response is not a JSON object");
        // A refusal from before decryption is in the clear. A success never is.
        if (encrypt && wrapped is null && (string?)ResultOf(json)["resultStatus"] == "S")
        {
            throw new UntrustedResponseException("the request was encrypted, but its success is not");
        }
        return json;
    }

    private static JsonObject ResultOf(JsonObject answer) =>
        (answer["result"] ?? answer["resultInfo"]) as JsonObject ?? throw new UntrustedResponseException("the response has no result");

    /// <summary>POST, path, one line feed, client id, time, body. Nothing after the body.</summary>
    private byte[] SignedText(string path, string time, byte[] body) =>
        [.. Encoding.UTF8.GetBytes($"POST {path}\n{clientId}.{time}."), .. body];

    private void Verify(string path, HttpResponseMessage response, byte[] answer)
    {
        if (Header(response, "Signature") is not { } header || Header(response, "Response-Time") is not { } time)
        {
            throw new UntrustedResponseException("the response is not signed", StatedCode(answer));
        }
        if (!int.TryParse(Pair(header, "keyVersion"), out var version) || !platformKeys.TryGetValue(version, out var key))
        {
            throw new UntrustedResponseException("the response names an unknown key version");
        }
        var signature = Unquoted(Pair(header, "signature"));
        if (!key.VerifyData(SignedText(path, time, answer), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new UntrustedResponseException("the response's signature does not verify");
        }
        if (!DateTimeOffset.TryParse(time, out var sent) || (DateTimeOffset.UtcNow - sent).Duration() > ClockTolerance)
        {
            throw new UntrustedResponseException($"Response-Time {time} is not of now");
        }
    }

    private static string? StatedCode(byte[] answer)
    {
        try
        {
            return (string?)JsonNode.Parse(answer)?["result"]?["resultCode"];
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key.</summary>
    private (byte[] Body, string Header) Encrypt(byte[] plain)
    {
        using var aes = Aes.Create();
        aes.KeySize = 256;
        var cipher = aes.EncryptEcb(plain, PaddingMode.PKCS7);
        var version = platformKeys.Keys.Max();
        var wrapped = Quoted(platformKeys[version].Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1));
        return (Encoding.ASCII.GetBytes(Convert.ToBase64String(cipher)), $"algorithm=RSA_AES,keyVersion={version},symmetricKey={wrapped}");
    }

    private byte[] Decrypt(string header, byte[] body)
    {
        using var aes = Aes.Create();
        aes.Key = merchantKey.Decrypt(Unquoted(Pair(header, "symmetricKey")), RSAEncryptionPadding.Pkcs1);
        return aes.DecryptEcb(Convert.FromBase64String(Encoding.ASCII.GetString(body)), PaddingMode.PKCS7);
    }

    private static string Quoted(byte[] value) => Uri.EscapeDataString(Convert.ToBase64String(value));

    private static byte[] Unquoted(string text) => Convert.FromBase64String(Uri.UnescapeDataString(text));

    /// <summary>Of a doubled header neither counts.</summary>
    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString() : null;

    /// <summary>The value of a key in a header like <c>algorithm=RSA256,keyVersion=1,signature=…</c>.</summary>
    private static string Pair(string header, string key) =>
        Regex.Match(header, $@"(?:^|[,\s]){key}=([^,\s]+)").Groups[1].Value;
}
