using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

/// <summary>The result in every response: S success, F failure, U unknown.</summary>
public sealed record Result(string ResultCode, string ResultStatus, string ResultMessage);

/// <summary>Nothing vouches for this answer.</summary>
public sealed class UnverifiedException(string message) : Exception(message);

/// <summary>Nobody can say whether it was done. Send the same message again later, or ask.</summary>
public sealed class OutcomeUnknownException(string message) : Exception(message);

/// <param name="merchantKey">Signs requests, opens encrypted answers.</param>
/// <param name="platformKey">Verifies answers, seals requests.</param>
public sealed class AlipayHKClient(HttpClient http, string clientId, RSA merchantKey, RSA platformKey, bool encrypt)
{
    private const int Attempts = 5;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Chinese characters as they are
    };

    /// <summary>Sends a message until it has a verified S or F. Every attempt sends the same bytes, requestId included.</summary>
    public async Task<Result> CallAsync(string path, object message, CancellationToken cancel = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message, Json);
        var trouble = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(Random.Shared.Next(50 << attempt, 100 << attempt), cancel);
            }
            try
            {
                var result = await ExchangeAsync(path, body, cancel);
                if (result.ResultStatus != "U")
                {
                    return result;
                }
                trouble = result.ResultMessage;
            }
            catch (Exception failure) when (IsNoAnswer(failure) && !cancel.IsCancellationRequested)
            {
                trouble = failure.Message; // no answer that counts: it may have been done
            }
        }
        throw new OutcomeUnknownException($"{path}: {trouble}");
    }

    private static bool IsNoAnswer(Exception failure) =>
        failure is HttpRequestException or TaskCanceledException or UnverifiedException or JsonException or CryptographicException or FormatException;

    private async Task<Result> ExchangeAsync(string path, byte[] body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        var type = "application/json";
        if (encrypt)
        {
            (body, var wrapped) = Seal(body);
            type = "text/plain";
            request.Headers.TryAddWithoutValidation("Encrypt", $"algorithm=RSA_AES,keyVersion=1,symmetricKey={wrapped}");
        }
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:sszzz");
        var signature = merchantKey.SignData(SignedText(path, time, body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.Headers.Add("Client-Id", clientId);
        request.Headers.Add("Request-Time", time);
        request.Headers.TryAddWithoutValidation("Signature", $"algorithm=RSA256,keyVersion=1,signature={Quoted(signature)}");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type, "UTF-8");

        using var response = await http.SendAsync(request, cancel);
        var answer = await response.Content.ReadAsByteArrayAsync(cancel);

        // The raw bytes, before anything is read from them. The HTTP status says little.
        Verify(path, response, answer);
        if (encrypt)
        {
            answer = Open(response, answer);
        }
        using var json = JsonDocument.Parse(answer);
        var root = json.RootElement;
        var found = root.TryGetProperty("result", out var result) || root.TryGetProperty("resultInfo", out result);
        return (found ? result.Deserialize<Result>(Json) : null) ?? throw new UnverifiedException("the answer has no result");
    }

    /// <summary>POST, path, one line feed, client id, time, body. Nothing after the body.</summary>
    private byte[] SignedText(string path, string time, byte[] body) =>
        [.. Encoding.UTF8.GetBytes($"POST {path}\n{clientId}.{time}."), .. body];

    private void Verify(string path, HttpResponseMessage response, byte[] answer)
    {
        var signature = Pair(response, "Signature", "signature") ?? throw new UnverifiedException("the answer is not signed");
        var time = Header(response, "Response-Time") ?? throw new UnverifiedException("the answer has no Response-Time");
        if (!platformKey.VerifyData(SignedText(path, time, answer), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            throw new UnverifiedException("the answer's signature does not verify");
        }
    }

    /// <summary>A fresh AES key encrypts the body (ECB, PKCS#7); the platform's RSA key wraps the AES key.</summary>
    private (byte[] Body, string WrappedKey) Seal(byte[] plain)
    {
        using var aes = Aes.Create();
        aes.KeySize = 256;
        var cipher = aes.EncryptEcb(plain, PaddingMode.PKCS7);
        return (Encoding.ASCII.GetBytes(Convert.ToBase64String(cipher)), Quoted(platformKey.Encrypt(aes.Key, RSAEncryptionPadding.Pkcs1)));
    }

    private byte[] Open(HttpResponseMessage response, byte[] body)
    {
        var wrapped = Pair(response, "Encrypt", "symmetricKey") ?? throw new UnverifiedException("the answer is not encrypted");
        using var aes = Aes.Create();
        aes.Key = merchantKey.Decrypt(wrapped, RSAEncryptionPadding.Pkcs1);
        return aes.DecryptEcb(Convert.FromBase64String(Encoding.ASCII.GetString(body)), PaddingMode.PKCS7);
    }

    private static string Quoted(byte[] value) => Uri.EscapeDataString(Convert.ToBase64String(value));

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>The value of a key in a header like <c>algorithm=RSA256,keyVersion=1,signature=…</c>.</summary>
    private static byte[]? Pair(HttpResponseMessage response, string header, string key)
    {
        var found = Regex.Match(Header(response, header) ?? "", $@"(?:^|[,\s]){key}=([^,\s]+)");
        return found.Success ? Convert.FromBase64String(Uri.UnescapeDataString(found.Groups[1].Value)) : null;
    }
}
