using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

/// <summary>
/// A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event once, and answers within
/// 3 s, signed. Neither compiled nor run where this project is checked.
///
///   PORT=3000 dotnet run --project examples/csharp -- --receive
///
/// ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY (yours) and ALIPAYHK_PLATFORM_KEY (AlipayHK's) as `alipayhk-mock env` prints them:
/// keys as bare base64. With several platform versions: ALIPAYHK_PLATFORM_KEY_2=… for version 2.
/// </summary>
static class Receiver
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);
    private const int MaxBodyBytes = 1024 * 1024;
    private static readonly string ClientId = Env("ALIPAYHK_CLIENT_ID");

    /// <summary>The claim of an id comes before the work: in production a unique index does it.</summary>
    private static readonly ConcurrentDictionary<string, bool> Applied = new();

    private static string Env(string name, string otherwise = "") =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    public static async Task<int> RunAsync()
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(Env("ALIPAYHK_PRIVATE_KEY")), out _);
        // HttpListener cannot choose a free port itself.
        var url = $"http://127.0.0.1:{Env("PORT", "3000")}";
        using var listener = new HttpListener();
        listener.Prefixes.Add($"{url}/");
        listener.Start();
        Console.WriteLine($"receiver listens on {url}");
        while (true)
        {
            var context = await listener.GetContextAsync();
            _ = Task.Run(async () =>
            {
                try
                {
                    await ReceiveAsync(context, key);
                }
                catch (Exception problem)
                {
                    // What breaks off, or is no JSON, applies nothing.
                    Console.Error.WriteLine(problem.Message);
                    context.Response.Abort();
                }
            });
        }
    }

    private static async Task ReceiveAsync(HttpListenerContext context, RSA key)
    {
        var request = context.Request;
        if (request.ContentLength64 > MaxBodyBytes)
        {
            throw new InvalidDataException("the body is too large");
        }
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        for (int count; (count = await request.InputStream.ReadAsync(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, count);
            if (buffer.Length > MaxBodyBytes)
            {
                throw new InvalidDataException("the body is too large");
            }
        }
        var body = buffer.ToArray();
        if (request.ContentLength64 >= 0 && request.ContentLength64 != body.Length)
        {
            throw new InvalidDataException("the body is not complete");
        }
        var path = request.RawUrl!;
        var answer = IsTrusted(request, path, body) ? Handle(path, JsonNode.Parse(body)!.AsObject()) : Refused();
        await ReplyAsync(context.Response, path, Encoding.UTF8.GetBytes(answer.ToJsonString()), key);
    }

    /// <summary>Signed content: POST path, line feed, Client-Id.time.body as it arrived.</summary>
    private static byte[] Content(string path, string time, byte[] body) =>
        [.. Encoding.UTF8.GetBytes($"POST {path}\n{ClientId}.{time}."), .. body];

    private static bool IsTrusted(HttpListenerRequest request, string path, byte[] body)
    {
        var time = request.Headers["Request-Time"];
        if (time is null || request.Headers["Client-Id"] != ClientId)
        {
            return false;
        }
        // A captured request must not be worth anything tomorrow.
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent)
            || DateTimeOffset.UtcNow - sent > MaxAge)
        {
            return false;
        }
        var pairs = new Dictionary<string, string>();
        foreach (var pair in (request.Headers["Signature"] ?? "").Split(','))
        {
            var parts = pair.Trim().Split('=', 2);
            pairs[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }
        if (pairs.GetValueOrDefault("algorithm") != "RSA256")
        {
            return false;
        }
        try
        {
            var signature = Convert.FromBase64String(Uri.UnescapeDataString(pairs.GetValueOrDefault("signature", "")));
            using var key = PlatformKey(pairs.GetValueOrDefault("keyVersion", ""));
            return key.VerifyData(Content(path, time, body), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception problem) when (problem is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private static JsonObject Success() =>
        new() { ["resultCode"] = "SUCCESS", ["resultStatus"] = "S", ["resultMessage"] = "success" };

    private static JsonObject Refused() =>
        new() { ["result"] = new JsonObject { ["resultCode"] = "INVALID_SIGNATURE", ["resultStatus"] = "F" } };

    private static JsonObject Handle(string path, JsonObject message)
    {
        var older = message["request"] as JsonObject;
        var fields = older is null ? message : older["body"]!.AsObject();
        string[] names = ["billNo", "acquirementId", "orderId", "requestId"];
        var id = names.Select(name => (string?)fields[name]).FirstOrDefault(value => value is not null);
        if (id is not null)
        {
            var isNew = Applied.TryAdd(id, true);
            // Here the points are added, the order is created: once.
            Console.WriteLine(JsonSerializer.Serialize(new { path, id, isNew }));
        }
        if (older is not null)
        {
            return new JsonObject
            {
                ["response"] = new JsonObject
                {
                    ["head"] = new JsonObject { ["respTime"] = Now() },
                    ["body"] = new JsonObject { ["resultInfo"] = Success() },
                },
            };
        }
        var answer = new JsonObject { ["result"] = Success() };
        if (path.Contains("top_up"))
        {
            answer["acquiringSite"] = "aboss";
            answer["orderInfo"] = new JsonObject { ["id"] = id };
        }
        return answer;
    }

    private static async Task ReplyAsync(HttpListenerResponse response, string path, byte[] body, RSA key)
    {
        var time = Now();
        var signature = key.SignData(Content(path, time, body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var value = Uri.EscapeDataString(Convert.ToBase64String(signature));
        response.ContentType = "application/json; charset=UTF-8";
        response.ContentLength64 = body.Length;
        response.Headers["Client-Id"] = ClientId;
        response.Headers["Response-Time"] = time;
        response.Headers["Signature"] = $"algorithm=RSA256,keyVersion={Env("ALIPAYHK_KEY_VERSION", "1")},signature={value}";
        await response.OutputStream.WriteAsync(body);
        response.Close();
    }

    private static string Now() =>
        DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static RSA PlatformKey(string version)
    {
        var key = RSA.Create();
        var text = Env($"ALIPAYHK_PLATFORM_KEY_{version}", Env("ALIPAYHK_PLATFORM_KEY"));
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
        return key;
    }
}
